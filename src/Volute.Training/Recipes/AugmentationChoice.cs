namespace Volute.Training;

/// <summary>How a segmentation's samples are varied, and why.</summary>
internal static class AugmentationChoice
{
    // As many images show most of what elastic deformation would make up.
    private const int FewImages = 50;

    /// <summary>The name of the options for so many images, unless one is asked for.</summary>
    public static string For(int images, string? asked) => asked ?? (images < FewImages ? "segmentation" : "segmentation-rigid");

    /// <summary>The choice in words.</summary>
    public static PlanChoice Explain(string name, int images, string? asked)
    {
        string count = DatasetException.Count(images, "image");
        return asked != null ? new("Augmentation", name, "asked for")
            : name == "nnunet" ? new("Augmentation", name, "rotation, scale, noise, blur, brightness, contrast, low resolution, gamma and mirrors by its probabilities", "nnU-Net")
            : images < FewImages ? new("Augmentation", name, $"{count}: elastic deformation makes the most of few", "nnU-Net; U-Net")
            : new("Augmentation", name, $"{count} are enough without elastic deformation", "nnU-Net; U-Net");
    }
}
