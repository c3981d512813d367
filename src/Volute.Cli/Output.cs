using System.Text.Encodings.Web;
using System.Text.Json;

namespace Volute.Cli;

/// <summary>Standard output: lines for people, or one JSON document.</summary>
internal static class Output
{
    /// <summary>Writes one indented JSON document.</summary>
    public static void Json(Action<Utf8JsonWriter> write)
    {
        using Stream stream = Console.OpenStandardOutput();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The share done of what takes many tiles, on a terminal.</summary>
    public static void ShowPercent(int done, int all)
    {
        if (all >= 20 && !Console.IsErrorRedirected && (done * 100L / all != (done - 1) * 100L / all))
            Console.Error.Write(done == all ? "\r        \r" : $"\r{done * 100L / all} %");
    }

    public static void WriteArray(this Utf8JsonWriter json, string name, IEnumerable<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    /// <summary>A number, or null for one that is none.</summary>
    public static void WriteMetric(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
