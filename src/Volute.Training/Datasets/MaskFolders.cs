namespace Volute.Training;

/// <summary>What was found in folders of images and masks.</summary>
/// <param name="Root">The folder that was named.</param>
/// <param name="Start">Where the folders of training images lie, and what describes them: the root, or train/ in it.</param>
/// <param name="Layout">What was recognized, in words.</param>
/// <param name="Pairs">At least one.</param>
/// <param name="Tests">The pairs set apart, or none.</param>
/// <param name="Classes">The classes where a file beside the images names them.</param>
/// <param name="Json">nnU-Net's description, where there is one.</param>
internal sealed record MaskFolders(string Root, string Start, string Layout, ImagePair[] Pairs, ImagePair[] Tests, NamedLabels? Classes, DatasetJson? Json);
