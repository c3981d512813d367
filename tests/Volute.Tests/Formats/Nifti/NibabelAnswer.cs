using System.Runtime.InteropServices;
using System.Text.Json;
using Volute.Formats;

namespace Volute.Tests.Formats.NiftiFiles;

/// <summary>What nibabel says of a file, as golden/record.py prints it.</summary>
internal sealed class NibabelAnswer(JsonElement json)
{
    public string File => json.GetProperty("file").GetString()!;

    public bool IsRefused => json.TryGetProperty("refused", out _);

    /// <summary>Where the volume lies, by which codes, and what it carries along.</summary>
    public string Place => string.Join('\n', ((string[])["version", "affine", "codes", "axcodes", "units", "description", "extensions"]).Select(n => json.GetProperty(n).ToString()));

    public static IEnumerable<NibabelAnswer> Parse(string text) => JsonDocument.Parse(text).RootElement.EnumerateArray().Select(e => new NibabelAnswer(e));

    /// <summary>Compares everything that nibabel said with <paramref name="volume"/>.</summary>
    public void Agrees(NiftiVolume volume)
    {
        Equal(json.GetProperty("version").GetInt32(), volume.Version);
        Equal(json.GetProperty("dtype").GetString(), volume.Voxels.Type.ToString().ToLowerInvariant());
        Equal(string.Join(' ', Numbers("zooms").Select(z => (float)z)), string.Join(' ', volume.Steps.Select(s => (float)s)));
        Equal(string.Join(' ', json.GetProperty("units").EnumerateArray()), $"{volume.Units.Space} {volume.Units.Time}");
        Equal(json.GetProperty("description").GetString(), volume.Description);
        Equal(json.GetProperty("intent").GetInt32(), volume.IntentCode);
        Equal(json.GetProperty("extensions").ToString(), "[" + string.Join(", ", volume.Extensions.Select(e => $"[{e.Code}, {Crc(e.Data.Span.TrimEnd((byte)0))}]")) + "]");
        float[] values = volume.ToFloats();
        double scale = values.Sum(v => Math.Abs((double)v));
        Near(json.GetProperty("sum").GetDouble(), values.Sum(v => (double)v), 1e-6 * scale);
        Near(json.GetProperty("mean").GetDouble(), values.Average(v => (double)v), 1e-6 * scale / values.Length);
        Equal((float)json.GetProperty("min").GetDouble(), values.Min());
        Equal((float)json.GetProperty("max").GetDouble(), values.Max());
        Agrees(json, volume);
        if (json.GetProperty("canonical") is { ValueKind: JsonValueKind.Object } canonical)
            Agrees(canonical, volume.ToCanonical());
    }

    private void Agrees(JsonElement described, NiftiVolume volume)
    {
        Equal(string.Join(' ', described.GetProperty("shape").EnumerateArray()), string.Join(' ', volume.Voxels.Shape.ToArray().Reverse()));
        Equal(described.GetProperty("axcodes").GetString(), volume.AxisCodes);
        Equal(described.GetProperty("crc").GetUInt32(), Crc(MemoryMarshal.AsBytes<float>(volume.ToFloats())));
        double[] affine = [.. described.GetProperty("affine").EnumerateArray().Select(e => e.GetDouble())], read = [.. volume.Affine.Cast<double>()];
        for (int i = 0; i < 12; i++)
            Near(affine[i], read[i], 1e-6 * (1 + Math.Abs(affine[i])));
    }

    private double[] Numbers(string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];

    private void Equal<T>(T expected, T actual) => Assert.Equal((File, expected), (File, actual));

    private void Near(double expected, double actual, double tolerance)
        => Assert.True(Math.Abs(expected - actual) <= tolerance, $"{File}: {actual} instead of {expected}, allowed is {tolerance}");

    private static uint Crc(ReadOnlySpan<byte> bytes) => Crc32.Append(0, bytes);
}
