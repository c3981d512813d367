using System.CommandLine;
using Volute.Training;

namespace Volute.Cli;

/// <summary>volute doctor DATA: what is wrong with a dataset, all at once, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Argument<string> data = new("DATA") { Description = "What train takes: a folder of images with masks, one folder a class, IDX or CIFAR files" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("doctor", "Say what is wrong with a dataset, before training") { data, json };
        command.SetAction(parsed =>
        {
            Diagnosis diagnosis = Doctor.Examine(parsed.GetRequiredValue(data));
            Console.WriteLine(parsed.GetValue(json) ? diagnosis.ToJson() : diagnosis.ToString());
            return diagnosis.Faults > 0 ? 1 : 0;
        });
        return command;
    }
}
