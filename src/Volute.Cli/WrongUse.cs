using System.CommandLine;
using System.CommandLine.Parsing;

namespace Volute.Cli;

/// <summary>What a command line did wrong, in one line that says what to do.</summary>
internal static class WrongUse
{
    public static string Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = PathOf(parsed.CommandResult), of = path == "volute" ? "" : $" of {path["volute ".Length..]}";
        if (command.Subcommands.Count > 0)
        {
            string what = parsed.UnmatchedTokens.FirstOrDefault() is { } name ? $"there is no {(name.StartsWith('-') ? "option" : "command")} '{name}'{of}"
                : of == "" ? "no command is given" : $"{path["volute ".Length..]} needs a command";
            return $"{what}; {path} --help lists them";
        }
        // A value that is wrong tells more than what is missing because of it.
        ParseError error = parsed.Errors.FirstOrDefault(e => e.SymbolResult is OptionResult or ArgumentResult { Tokens.Count: > 0 }) ?? parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens: [], IdentifierToken: not null } option => $"{option.Option.Name} needs a value",
            OptionResult { Tokens: [_, ..] } option => Wrong(option.Option.Name, option.Option.ValueType, option.Tokens[0].Value, error),
            ArgumentResult { Parent: OptionResult option } => Wrong(option.Option.Name, option.Option.ValueType, option.Tokens[0].Value, error),
            ArgumentResult { Tokens: [var token, ..] } argument => Wrong(argument.Argument.Name, argument.Argument.ValueType, token.Value, error),
            _ when parsed.UnmatchedTokens.FirstOrDefault() is { } word => word.StartsWith('-') ? $"there is no option '{word}'{of}; {path} --help lists them"
                : $"'{word}' is one argument too many; {path} --help explains them",
            _ when Missing(parsed) is { } missing => $"{path["volute ".Length..]} needs {missing}; {path} --help explains it",
            _ => OneLine(error.Message),
        };
    }

    private static string Wrong(string name, Type type, string value, ParseError error)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int) || type == typeof(long) || type == typeof(ulong))
            return $"{name} needs a whole number, got '{value}'";
        if (type == typeof(double))
            return $"{name} needs a number, got '{value}'";
        // "Argument 'x' not recognized. Must be one of:" and a line for each.
        string[] allowed = [.. error.Message.Split('\n').Skip(1).Select(line => line.Trim().Trim('\''))];
        return allowed.Length > 0 ? $"{name} must be one of {string.Join(", ", allowed)}, got '{value}'" : $"{name}: {OneLine(error.Message)}";
    }

    /// <summary>The first argument or required option that is not there.</summary>
    private static string? Missing(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return command.Arguments.FirstOrDefault(a => a.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(a) is not { Tokens.Count: > 0 })?.Name
            ?? command.Options.FirstOrDefault(o => o.Required && parsed.GetResult(o) is not { Tokens.Count: > 0 })?.Name;
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "volute";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
