namespace Volute;

/// <summary>Modules one after another, named "0", "1", … as in PyTorch.</summary>
public class Sequential : Module
{
    /// <summary>A chain of <paramref name="modules"/>.</summary>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        foreach (Module module in modules)
            Append(module);
    }

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This chain.</returns>
    public Sequential Append(Module module)
    {
        Add(Children.Count.ToString(), module);
        return this;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        foreach (var (_, child) in Children)
            x = child.Forward(x);
        return x;
    }
}
