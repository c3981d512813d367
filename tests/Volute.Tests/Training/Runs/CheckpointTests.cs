using Volute.Formats;
using Volute.Tests.Formats;
using Volute.Training;

namespace Volute.Tests.Training.Runs;

public class CheckpointTests
{
    private static readonly CheckpointState state = new(3, 2, 17, 40, 1.5, 2, 0.75, 1.0 / 3);

    private static UNet Network(int width = 1, int levels = 2) => new(new UNetOptions(BaseWidth: width, Levels: levels, Padded: true, Normalization: Normalization.Batch));

    /// <summary>A network and an optimizer that has made a step.</summary>
    private static (UNet, AdamW) Trained()
    {
        UNet network = Network();
        AdamW optimizer = new(network.Parameters(), 0.1);
        optimizer.Step(network.Forward(Tensor.FromArray(Enumerable.Range(0, 32).Select(i => i % 7f).ToArray(), [2, 1, 4, 4])).Abs().Mean());
        return (network, optimizer);
    }

    private static float[] All(Module network) => [.. network.State().SelectMany(p => p.ToArray())];

    private static float[] All(Optimizer optimizer) => [.. optimizer.State.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => s.Value.ToArray())];

    [Fact]
    public void Weights_optimizer_and_state_come_back_with_the_same_bits()
    {
        using TemporaryFolder folder = new();
        var (network, optimizer) = Trained();
        Checkpoint.Save(folder["a"], network, optimizer, state);
        UNet other = Network();
        AdamW next = new(other.Parameters(), 0.1);
        Assert.Equal(state, Checkpoint.Load(folder["a"], other, next));
        Assert.Equal(All(network), All(other));
        Assert.Equal(All(optimizer), All(next));
        Assert.Equal(17, next.Steps);
        Assert.Contains(All(optimizer), v => v != 0);
    }

    [Fact]
    public void A_truncated_file_is_named_at_whatever_length()
    {
        using TemporaryFolder folder = new();
        var (network, optimizer) = Trained();
        Checkpoint.Save(folder["a"], network, optimizer, state);
        byte[] whole = File.ReadAllBytes(folder["a"]);
        int header = 8 + BitConverter.ToInt32(whole);
        foreach (int length in (int[])[0, 1, 7, 8, 9, header / 2, header - 1, header, header + 1, (header + whole.Length) / 2, whole.Length - 4, whole.Length - 1])
            Refused(folder["a"], whole[..length], $"{length} bytes");
    }

    [Fact]
    public void A_file_in_which_one_bit_has_changed_is_named()
    {
        using TemporaryFolder folder = new();
        var (network, optimizer) = Trained();
        Checkpoint.Save(folder["a"], network, optimizer, state);
        byte[] whole = File.ReadAllBytes(folder["a"]);
        int header = 8 + BitConverter.ToInt32(whole);
        Random random = new(1);
        IEnumerable<int> bits = Enumerable.Range(0, 64).Concat(Enumerable.Range(0, 300).Select(_ => random.Next(64, 8 * header))).Concat(Enumerable.Range(0, 100).Select(_ => random.Next(8 * header, 8 * whole.Length)));
        foreach (int bit in bits)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Refused(folder["a"], changed, $"bit {bit} of '{(char)whole[bit / 8]}'");
        }
    }

    private static void Refused(string path, byte[] bytes, string what)
    {
        File.WriteAllBytes(path, bytes);
        UNet network = Network();
        float[] before = All(network);
        FileFormatException error = Assert.Throws<FileFormatException>(() =>
        {
            Checkpoint.Load(path, network, new AdamW(network.Parameters(), 0.1));
            Assert.Fail($"{what}: not noticed");
        });
        Assert.StartsWith($"{path}: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(before, All(network));
    }

    [Fact]
    public void Weights_whose_numbers_have_changed_are_refused()
    {
        using TemporaryFolder folder = new();
        Checkpoint.Save(folder["a"], Network());
        byte[] bytes = File.ReadAllBytes(folder["a"]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(folder["a"], bytes);
        Assert.Equal($"{folder["a"]}: the file is damaged: its contents do not match the digest written with them",
            Assert.Throws<FileFormatException>(() => Checkpoint.Load(folder["a"], Network())).Message);
    }

    [Fact]
    public void Weights_of_another_program_are_read_without_a_digest_but_are_no_training()
    {
        using TemporaryFolder folder = new();
        UNet network = Network();
        Safetensors.Write(folder["a"], network.State().Select(p => KeyValuePair.Create(p.Name, NumberArray.FromFloats(p.ToArray(), NumberType.Float64, p.Shape.AsSpan()))));
        UNet other = Network();
        Assert.Null(Checkpoint.Load(folder["a"], other));
        Assert.Equal(All(network), All(other));
        Assert.Equal($"{folder["a"]}: the file holds weights, but no training to go on with",
            Assert.Throws<FileFormatException>(() => Checkpoint.Load(folder["a"], other, new AdamW(other.Parameters()))).Message);
    }

    [Fact]
    public void The_first_mismatch_with_another_network_is_named_and_nothing_is_loaded()
    {
        using TemporaryFolder folder = new();
        string path = folder["a"];
        Checkpoint.Save(path, Network());
        UNet wide = Network(width: 3), deep = Network(levels: 3);
        float[] before = All(wide);
        Assert.Equal($"{path}: 'down0.0.weight' has shape [1, 1, 3, 3], the network's has [3, 1, 3, 3]: it belongs to another network", Message(path, wide));
        Assert.Equal(before, All(wide));
        Assert.Equal($"{path} has no 'down2.0.weight', which the network has: it belongs to another network", Message(path, deep));
        Checkpoint.Save(path, deep);
        Assert.Equal($"{path} has 'down2.0.weight', which the network has not: it belongs to another network", Message(path, Network()));
    }

    private static string Message(string path, Module network) => Assert.Throws<VoluteException>(() => Checkpoint.Load(path, network)).Message;

    [Fact]
    public void What_an_optimizer_remembers_goes_to_its_own_parameter_where_one_name_ends_with_another()
    {
        Sequential network = new(new Linear(2, 2, bias: false), new Sequential(new Linear(2, 2, bias: false)));
        Assert.Equal(["0.weight", "1.0.weight"], network.State().Select(p => p.Name));
        AdamW optimizer = new(network.Parameters());
        optimizer.Restore("exp_avg.1.0.weight", [1, 2, 3, 4]);
        Assert.Equal(["exp_avg.1.0.weight"], optimizer.State.Keys);
        Assert.Equal("AdamW: 'exp_avg.2.0.weight' belongs to none of the parameters",
            Assert.Throws<InvalidArgumentException>(() => optimizer.Restore("exp_avg.2.0.weight", [1])).Message);
    }
}
