using System.Globalization;

namespace Volute.Formats;

/// <summary>Reads the few Python literals of an npy header from left to right: strings, True and False, tuples of integers.</summary>
internal ref struct PythonLiteral(ReadOnlySpan<char> text, Func<string, Exception> error)
{
    private ReadOnlySpan<char> rest = text;

    /// <summary>The next character that is no white space, '\0' at the end.</summary>
    public char Peek()
    {
        rest = rest.TrimStart(" \t\r\n\f\v");
        return rest.IsEmpty ? '\0' : rest[0];
    }

    /// <summary>Takes <paramref name="c"/> if it comes next.</summary>
    public bool TryTake(char c)
    {
        if (Peek() != c || rest.IsEmpty)
            return false;
        rest = rest[1..];
        return true;
    }

    /// <summary>Takes <paramref name="c"/>, which must come next.</summary>
    public void Expect(char c)
    {
        if (!TryTake(c))
            throw error($"the header is not a Python dictionary: expected {c}");
    }

    /// <summary>The end of the text must come next.</summary>
    public void ExpectEnd()
    {
        if (Peek() != '\0' || !rest.IsEmpty)
            throw error("the header goes on behind its dictionary");
    }

    /// <summary>A string in single or double quotes, without escapes.</summary>
    public string Text()
    {
        char quote = Peek();
        int end = quote is '\'' or '"' ? rest[1..].IndexOf(quote) : -1;
        if (end < 0)
            throw error("the header is not a Python dictionary: expected a string");
        string value = rest.Slice(1, end).ToString();
        rest = rest[(end + 2)..];
        return value;
    }

    /// <summary>True or False.</summary>
    public bool Boolean()
    {
        Peek();
        foreach (bool value in (ReadOnlySpan<bool>)[true, false])
            if (rest.StartsWith(value ? "True" : "False"))
            {
                rest = rest[(value ? 4 : 5)..];
                return value;
            }
        throw error("fortran_order must be True or False");
    }

    /// <summary>A tuple of integers ≥ 0; Python 2 wrote an L behind each.</summary>
    public long[] Sizes()
    {
        Expect('(');
        List<long> sizes = [];
        while (!TryTake(')'))
        {
            Peek();
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                throw error("shape must be a tuple of integers from 0 to 2^63 - 1");
            sizes.Add(size);
            rest = rest[digits..];
            TryTake('L');
            if (!TryTake(',') && Peek() != ')')
                throw error("shape must be a tuple of integers: expected , or )");
        }
        return [.. sizes];
    }
}
