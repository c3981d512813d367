using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volute.Training;

/// <summary>The JSON form of the documents of this library, made at compile time: camelCase, not-applicable numbers as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(NotApplicableAsNull)])]
[JsonSerializable(typeof(Evaluation))]
[JsonSerializable(typeof(RunSummary))]
public sealed partial class TrainingJson : JsonSerializerContext;

/// <summary>NaN is written as null and read back from it. JSON has no infinities either; a diverged number is not applicable too.</summary>
internal sealed class NotApplicableAsNull : JsonConverter<double?>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is { } number && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }
}
