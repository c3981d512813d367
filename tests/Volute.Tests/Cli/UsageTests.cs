namespace Volute.Tests.Cli;

/// <summary>Wrong use and failures: one line on standard error, nothing on standard output, no file touched.</summary>
[Collection(TheProgram.Name)]
public class UsageTests(TrainedRuns runs)
{
    private const string Kernels = "identity, box, gaussian, sharpen, emboss, outline, sobel-vertical, sobel-horizontal, prewitt-vertical, prewitt-horizontal, laplacian, motion-blur, unsharp",
        Layouts = "expected images/ with masks/, one subfolder for each class, x beside x_mask, IDX files (train-images-idx3-ubyte …) or CIFAR binaries (data_batch_1.bin …)";

    // ROOT stands for the folder of the tests.
    public static TheoryData<int, string, string[]> Cases => new()
    {
        { 2, "no command is given; volute --help lists them", [] },
        { 2, "there is no command 'trian'; volute --help lists them", ["trian", "ROOT/cells"] },
        { 2, "there is no command 'paint' of dataset; volute dataset --help lists them", ["dataset", "paint"] },
        { 2, "dataset needs a command; volute dataset --help lists them", ["dataset"] },
        { 2, "'more' is one argument too many; volute train --help explains them", ["train", "ROOT/cells", "more"] },
        { 2, "train needs DATA; volute train --help explains it", ["train"] },
        { 2, "convolve needs --kernel; volute convolve --help explains it", ["convolve", "ROOT/rgb.png", "-o", "ROOT/out.png"] },
        { 2, "there is no option '--epoch' of train; volute train --help lists them", ["train", "ROOT/cells", "--epoch"] },
        { 2, "--epochs needs a whole number, got 'many'", ["train", "ROOT/cells", "--epochs", "many"] },
        { 2, "--minutes needs a number, got 'few'", ["train", "ROOT/cells", "--minutes", "few"] },
        { 2, "--out needs a value", ["train", "ROOT/cells", "--out"] },
        { 2, "--padding must be one of zeros, reflect, replicate, circular, got 'mirror'", ["convolve", "ROOT/rgb.png", "-k", "box", "-o", "ROOT/out.png", "--padding", "mirror"] },
        { 2, "KIND must be one of cells, digits, phantom, raster, got 'dogs'", ["dataset", "make", "dogs", "-o", "ROOT/out"] },
        { 2, "--memory needs a number with a unit, such as 8GB or 512MiB; got 'much'", ["inspect", "lenet", "--memory", "much"] },
        { 2, "--memory needs a number with a unit, such as 8GB or 512MiB; got '8'", ["inspect", "lenet", "--memory", "8"] },
        { 2, "threads must be 1..1024, got 0", ["inspect", "lenet", "--threads", "0"] },
        { 2, $"ROOT/nowhere: there is no such folder or file; {Layouts}", ["train", "ROOT/nowhere"] },
        { 2, $"ROOT/folder: no known layout, only 1 file (notes.txt); {Layouts}", ["train", "ROOT/folder"] },
        { 2, "ROOT/lonely-image: 1 image in images/ without a mask: b (an image and its mask have the same name without extension; 1 pair fits); rename the files, bring their partners, or move them elsewhere", ["train", "ROOT/lonely-image"] },
        { 2, "ROOT/lonely-mask: 1 mask in masks/ without an image: b (an image and its mask have the same name without extension; 1 pair fits); rename the files, bring their partners, or move them elsewhere", ["train", "ROOT/lonely-mask"] },
        { 2, "training needs at least 2 samples, one of them held out; 'ROOT/lonely-sample' has 1", ["train", "ROOT/lonely-sample", "--out", "ROOT/out"] },
        { 2, "fold 5 is outside of 0..4", ["train", "ROOT/cells", "--fold", "5", "--out", "ROOT/out"] },
        { 2, $"ROOT/nowhere: there is no such folder or file; {Layouts}", ["doctor", "ROOT/nowhere"] },
        { 2, "there must be at least 2 folds, got 1", ["train", "ROOT/cells", "--folds", "1", "--out", "ROOT/out"] },
        { 2, "augmentation 'more' is not known; known are none, digits, segmentation, segmentation-rigid and nnunet", ["train", "ROOT/cells", "--augmentation", "more", "--out", "ROOT/out"] },
        { 2, "model 'resnet' is not known; known are staged-unet and unet (segmentation), lenet and lenet5 (classification)", ["train", "ROOT/cells", "--model", "resnet"] },
        { 2, "give either epochs or minutes, not both", ["train", "ROOT/cells", "--epochs", "2", "--minutes", "1"] },
        { 2, "epochs must be >= 1, got 0", ["train", "ROOT/cells", "--epochs", "0"] },
        { 2, "the patch must be a multiple of 16 (four poolings), got 33", ["train", "ROOT/cells", "--model", "unet", "--patch", "33"] },
        { 2, "the patch must be >= 4, got 3", ["train", "ROOT/cells", "--patch", "3"] },
        { 2, "--budget knows nnunet, got 'cloud'", ["train", "ROOT/cells", "--budget", "cloud"] },
        { 2, "nnU-Net's budget plans the patch itself, got one of 64; leave out one of both", ["train", "ROOT/cells", "--budget", "nnunet", "--patch", "64"] },
        { 2, "nnU-Net's budget is for the staged-unet, got model 'unet'", ["train", "ROOT/cells", "--budget", "nnunet", "--model", "unet"] },
        { 2, "'ROOT/cells-run' is a run already; resume it, or choose another folder", ["train", "ROOT/cells", "--out", "ROOT/cells-run"] },
        { 2, "folder 'ROOT/folder' is not empty ('notes.txt' is in it) and not a run; choose another folder", ["train", "ROOT/cells", "--out", "ROOT/folder"] },
        { 2, "--resume needs the run to go on with: --out RUN", ["train", "ROOT/cells", "--resume"] },
        { 2, "--resume goes on with the run's own recipe: leave out --model (--epochs, --minutes and --patience may change)", ["train", "ROOT/cells", "--resume", "--out", "ROOT/cells-run", "--model", "unet"] },
        { 2, "'ROOT/folder' is not a run folder: it has no recipe.json", ["train", "ROOT/cells", "--resume", "--out", "ROOT/folder"] },
        { 2, "'ROOT/folder' is not a run folder: it has no recipe.json", ["predict", "ROOT/folder", "ROOT/rgb.png"] },
        { 2, "there is no run folder 'ROOT/nowhere'", ["predict", "ROOT/nowhere", "ROOT/rgb.png"] },
        { 2, "there is no file or folder 'ROOT/nothing.png'", ["predict", "ROOT/cells-run", "ROOT/nothing.png"] },
        { 2, "folder 'ROOT/folder' holds no PNG or Netpbm images, no rasters and no volumes", ["predict", "ROOT/cells-run", "ROOT/folder"] },
        { 2, "ROOT/rgb.png: the network was trained on 1 channel, the image has 3", ["predict", "ROOT/cells-run", "ROOT/rgb.png", "--out", "ROOT/out"] },
        { 2, "the mask of 'ROOT/cells/images/000.png' would replace the image 'ROOT/cells/images/000.png'; name another folder", ["predict", "ROOT/cells-run", "ROOT/cells/images", "--out", "ROOT/cells/images"] },
        { 1, "ROOT/broken.png: this is no picture that is known here; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)", ["predict", "ROOT/cells-run", "ROOT/broken.png", "--out", "ROOT/out"] },
        { 2, "the network was trained on 1 channel, but the data have 3: images/ with masks/: 1 image with masks, 3 channels, 16 x 16; masks 0 -> 0, 255 -> 1; no test samples", ["evaluate", "ROOT/cells-run", "ROOT/rgb"] },
        { 2, "ROOT/digits: 2 problems: (1) train/1/, train/2/, train/3/, train/4/, train/5/ and 4 more are not among the classes 0, 255; name each folder after its class; (2) test/1/, test/2/, test/3/, test/4/, test/5/ and 4 more are not among the classes 0, 255; name each folder after its class", ["evaluate", "ROOT/cells-run", "ROOT/digits"] },
        { 2, $"'resnet' is no network's name ({NamedNetwork.Names}), no run folder and no file", ["inspect", "resnet"] },
        { 2, "--input needs sizes >= 1 separated by commas, such as 1,1,572,572; got '1,1,many,2'", ["inspect", "lenet", "--input", "1,1,many,2"] },
        { 2, "Conv2d: expected 1 channel, got 3 in shape [1, 3, 28, 28] [in features.0 (Conv2d 1->6 k5x5)]", ["inspect", "lenet", "--input", "1,3,28,28"] },
        { 2, "UNet: 571 positions on axis 2 of [1, 1, 571, 571] do not fit 5 valid levels; use 556 or 572", ["inspect", "unet", "--input", "1,1,571,571"] },
        { 2, "--input is the shape that a network is given; 'ROOT/rgb.png' is an image and has its own", ["inspect", "ROOT/rgb.png", "--input", "1,1,2,2"] },
        { 1, "ROOT/broken.png: this is no picture that is known here; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)", ["inspect", "ROOT/broken.png"] },
        { 2, $"there is no kernel 'sobel'; there are {Kernels}, or your own numbers: \"0 1 0; 1 -4 1; 0 1 0\"", ["convolve", "ROOT/rgb.png", "-k", "sobel", "-o", "ROOT/out.png"] },
        { 2, "a kernel's rows must be of one length, got rows of 2 and 1 numbers", ["convolve", "ROOT/rgb.png", "-k", "1 2; 3", "-o", "ROOT/out.png"] },
        { 2, "'ROOT/out.jpg': pictures are written as .png, .pgm, .ppm, .pnm or .pam", ["convolve", "ROOT/rgb.png", "-k", "box", "-o", "ROOT/out.jpg"] },
        { 1, "ROOT/broken.png: this is no picture that is known here; readable are PNG and Netpbm (PBM, PGM, PPM, PAM) (at byte 0)", ["convolve", "ROOT/broken.png", "-k", "box", "-o", "ROOT/out.png"] },
        { 2, "ROOT/folder: the folder is not empty; name a new one, so that old and new samples do not mix", ["dataset", "make", "cells", "-o", "ROOT/folder"] },
        { 2, "the size must be 64 to 8192 pixels, got 8", ["dataset", "make", "cells", "-o", "ROOT/out", "--size", "8"] },
    };

    [Fact]
    public async Task Wrong_use_is_told_in_one_line_and_touches_nothing()
    {
        string[] before = runs.Files();
        List<string> wrong = [];
        // Two processes at a time.
        await Parallel.ForEachAsync(Cases, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (row, _) =>
        {
            var (code, message, arguments) = row.Data;
            Ended ended = await VoluteProgram.Run([.. arguments.Select(runs.Of)]);
            string expected = runs.Of($"{code}: volute: {message}\n");
            lock (wrong)
            {
                if ($"{ended.Code}: {ended.Error}" != expected || ended.Output != "")
                    wrong.Add($"volute {string.Join(' ', arguments)}\n  expected {expected}  got      {ended.Code}: {ended.Error}{ended.Output}");
            }
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, runs.Files());
    }

    [Fact]
    public async Task Verbose_adds_the_trace()
    {
        Ended ended = await VoluteProgram.Run("inspect", "resnet", "--verbose");
        Assert.Equal(2, ended.Code);
        Assert.StartsWith("volute: Volute.InvalidArgumentException: 'resnet' is no network's name", ended.Error);
        Assert.Contains("   at Volute.Cli.InspectCommand.", ended.Error);
    }

    [Fact]
    public async Task Help_and_version_are_no_errors()
    {
        Ended help = await VoluteProgram.Run("--help"), version = await VoluteProgram.Run("--version");
        Assert.Equal((0, ""), (help.Code, help.Error));
        foreach (string command in (string[])["demo", "train", "predict", "evaluate", "doctor", "inspect", "convolve", "dataset", "bench"])
            Assert.Contains($"\n  {command} ", help.Output);
        Assert.Equal((0, ""), (version.Code, version.Error));
        Assert.StartsWith("0.1.0", version.Output);
    }
}
