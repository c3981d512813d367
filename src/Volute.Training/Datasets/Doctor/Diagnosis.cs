using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Volute.Training;

/// <summary>What a <see cref="Doctor"/> found.</summary>
/// <param name="Data">The path that was named.</param>
/// <param name="Layout">What was recognized, in a few words; "unknown" for nothing.</param>
/// <param name="Cases">Samples to train on and to test with, those with a partner.</param>
/// <param name="Findings">Faults first.</param>
public sealed record Diagnosis(string Data, string Layout, int Cases, IReadOnlyList<Finding> Findings)
{
    /// <summary>How many faults there are.</summary>
    public int Faults => Findings.Count(f => f.Severity == FindingSeverity.Fault);

    /// <summary>How many warnings there are.</summary>
    public int Warnings => Findings.Count - Faults;

    /// <summary>
    /// One JSON document: {"data", "layout", "cases", "findings": [{"severity", "kind", "message", "files", "cure"}, …], "faults", "warnings"}.
    /// </summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("data", Data);
            json.WriteString("layout", Layout);
            json.WriteNumber("cases", Cases);
            json.WriteStartArray("findings");
            foreach (Finding finding in Findings)
            {
                json.WriteStartObject();
                json.WriteString("severity", finding.Severity == FindingSeverity.Fault ? "fault" : "warning");
                json.WriteString("kind", finding.KindName);
                json.WriteString("message", finding.Message);
                json.WriteStartArray("files");
                foreach (string file in finding.Files)
                    json.WriteStringValue(file);
                json.WriteEndArray();
                json.WriteString("cure", finding.Cure);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("faults", Faults);
            json.WriteNumber("warnings", Warnings);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>What was recognized, a paragraph for each finding with its cure, and the counts.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append($"{Data}: {Layout}, {DatasetException.Count(Cases, "case")}\n");
        foreach (Finding finding in Findings)
            text.Append($"\n{(finding.Severity == FindingSeverity.Fault ? "fault" : "warning")}, {finding.KindName}: {finding.Message}\n  cure: {finding.Cure}\n");
        text.Append($"\n{DatasetException.Count(Faults, "fault")}, {DatasetException.Count(Warnings, "warning")}");
        return text.ToString();
    }
}
