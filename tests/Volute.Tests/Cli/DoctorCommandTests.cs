using System.Text.Json;
using Volute.Tests.Formats;
using Volute.Tests.Training;

namespace Volute.Tests.Cli;

public class DoctorCommandTests
{
    [Fact]
    public async Task Faults_are_told_with_their_cures_and_end_in_1_and_warnings_in_0()
    {
        using TemporaryFolder folder = HealthyData.Pictures();
        folder.Gray("images/s5.png", 16, 16, [.. Enumerable.Repeat((byte)9, 256)]);
        Ended warned = await VoluteProgram.Run("doctor", folder.Root);
        Assert.Equal((0, "", $"{folder.Root}: images/ with masks/, 6 cases\n\n"
            + "warning, constant-image: 1 image of one value everywhere: s5\n  cure: see whether the export failed; remove images that show nothing, with their masks\n\n"
            + "0 faults, 1 warning\n"), (warned.Code, warned.Error, warned.Output));
        folder.Text("masks/s5.jpg", "");
        File.Delete(folder["masks/s5.png"]);
        Ended ended = await VoluteProgram.Run("doctor", folder.Root, "--json");
        Assert.Equal((1, ""), (ended.Code, ended.Error));
        JsonElement json = JsonDocument.Parse(ended.Output).RootElement;
        Assert.Equal((1, 1), (json.GetProperty("faults").GetInt32(), json.GetProperty("warnings").GetInt32()));
        Assert.Equal(["jpeg-mask", "constant-image"], json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("kind").GetString()));
    }
}
