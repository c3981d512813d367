namespace Volute.Training;

/// <summary>Run folders with their recipes.</summary>
public static class Runs
{
    /// <summary>A new run folder holding <paramref name="recipe"/>, locked for training.</summary>
    public static RunFolder Create(string path, Recipe recipe) => RunFolder.Create(path, recipe, RecipeJson.Default.Recipe);

    /// <summary>Replaces the recipe of a run that is held for training.</summary>
    public static void Save(RunFolder run, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.WriteRecipe(recipe, RecipeJson.Default.Recipe);
    }

    /// <summary>A run's recipe.</summary>
    public static Recipe Recipe(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.ReadRecipe(RecipeJson.Default.Recipe);
    }
}
