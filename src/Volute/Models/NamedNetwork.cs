namespace Volute;

/// <summary>What a network's output means.</summary>
public enum NetworkTask
{
    /// <summary>(N, classes): a score for each class of the whole input.</summary>
    Classification,

    /// <summary>(N, classes, …): a score for each class at each position.</summary>
    Segmentation,

    /// <summary>The input's own shape: the input made again.</summary>
    Reconstruction,

    /// <summary>(N, C, …): pictures made from vectors of random numbers.</summary>
    Generation,
}

/// <summary>A network that is known by a name: to the command line, in recipes and in tests. A new one is a line in <see cref="All"/> (docs/models.md).</summary>
/// <param name="Name">The name: lower case, as papers call it.</param>
/// <param name="Task">What its output means.</param>
/// <param name="Input">The input that it is shown with, (N, C, …).</param>
/// <param name="Outputs">The classes (or channels) that it is shown with.</param>
/// <param name="Make">Makes it for an input shape and so many classes, with fresh weights.</param>
public sealed record NamedNetwork(string Name, NetworkTask Task, Shape Input, int Outputs, Func<Shape, int, Module> Make)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NamedNetwork> All { get; } =
    [
        new("unet", NetworkTask.Segmentation, [1, 1, 572, 572], 2, (x, classes) => new UNet(new UNetOptions(x[1], classes))),
        new("unet16", NetworkTask.Segmentation, [8, 1, 256, 256], 2, (x, classes) => new UNet(new UNetOptions(x[1], classes, BaseWidth: 16, Padded: true, Normalization: Normalization.Batch))),
        new("unet3d", NetworkTask.Segmentation, [1, 1, 64, 128, 128], 2, (x, classes) => new UNet(new UNetOptions(x[1], classes, Rank: 3, BaseWidth: 16, Levels: 4, Padded: true, Normalization: Normalization.Batch))),
        new("unet3d-acs", NetworkTask.Segmentation, [1, 1, 64, 128, 128], 2, (x, classes) => new UNet(new UNetOptions(x[1], classes, Rank: 3, BaseWidth: 16, Levels: 4, Padded: true, Normalization: Normalization.Batch, Volumes: VolumeForm.Acs))),
        new("lenet", NetworkTask.Classification, [1, 1, 28, 28], 10, (x, classes) => new LeNet(x[1], classes)),
        new("lenet5", NetworkTask.Classification, [1, 1, 28, 28], 10, (x, classes) => new LeNet5(x[1], classes, x[^1] == 32 ? 0 : 2)),
        new("lenet5-1998", NetworkTask.Classification, [1, 1, 32, 32], 10, (x, classes) => new LeNet5Original(x[1], classes, x[^1] == 28 ? 2 : 0)),
        new("alexnet", NetworkTask.Classification, [1, 3, 227, 227], 1000, (x, classes) => new AlexNet(classes, x[1])),
        new("vgg16", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new VGG16(classes, x[1])),
        new("nin", NetworkTask.Classification, [1, 3, 32, 32], 10, (x, classes) => new NiN(classes, x[1])),
        new("inception", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new GoogLeNet(classes, x[1])),
        new("resnet18", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new ResNet18(classes, x[1])),
        new("resnet34", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new ResNet34(classes, x[1])),
        new("resnet50", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new ResNet50(classes, x[1])),
        new("resnet101", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new ResNet101(classes, x[1])),
        new("resnet20", NetworkTask.Classification, [1, 3, 32, 32], 10, (x, classes) => new CifarResNet(20, classes, x[1])),
        new("resnet32", NetworkTask.Classification, [1, 3, 32, 32], 10, (x, classes) => new CifarResNet(32, classes, x[1])),
        new("resnet56", NetworkTask.Classification, [1, 3, 32, 32], 10, (x, classes) => new CifarResNet(56, classes, x[1])),
        new("resnet18acs", NetworkTask.Classification, [1, 1, 32, 64, 64], 2, (x, classes) => new ResNet18(classes, x[1]).ToVolumes(VolumeForm.Acs)),
        new("mobilenetv1", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new MobileNetV1(classes, x[1])),
        new("mobilenetv2", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new MobileNetV2(classes, x[1])),
        new("shufflenet", NetworkTask.Classification, [1, 3, 224, 224], 1000, (x, classes) => new ShuffleNet(classes, x[1])),
        new("c3d", NetworkTask.Classification, [1, 3, 16, 112, 112], 487, (x, classes) => new C3D(classes, x[1])),
        new("sequence", NetworkTask.Classification, [1, 1, 8000], 10, (x, classes) => new M5(classes, x[1])),
        new("deeplabv3", NetworkTask.Segmentation, [1, 3, 520, 520], 21, (x, classes) => new DeepLabV3(classes, x[1])),
        new("fcn", NetworkTask.Segmentation, [1, 3, 520, 520], 21, (x, classes) => new FCN(classes, x[1])),
        new("autoencoder", NetworkTask.Reconstruction, [1, 1, 28, 28], 1, (x, _) => new Autoencoder(x[1])),
        new("dcgan", NetworkTask.Generation, [1, 100, 1, 1], 3, (x, channels) => new DcganGenerator(x[1], channels)),
        new("dcgan-discriminator", NetworkTask.Classification, [1, 3, 64, 64], 1, (x, outputs) => new DcganDiscriminator(x[1], x[^1], outputs: outputs)),
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(n => n.Name));

    /// <summary>The network of this name, or null.</summary>
    public static NamedNetwork? Find(string name) => All.FirstOrDefault(n => n.Name == name);

    /// <summary>Makes it as it is shown.</summary>
    public Module Create() => Make(Input, Outputs);
}
