using Volute.Kernels;

namespace Volute;

/// <summary>From wanted nodes to their values: collects what they need, finds or makes the plan, runs it, and commits what it changed.</summary>
internal static class Execution
{
    private const int CachedPlans = 256;

    private static long s_uses;

    private static readonly Dictionary<(Program, bool Exact, string? Forced, bool JoinsMaps, long? Limit), Plan> Cache = [];

    /// <summary>Computes the wanted nodes and carries out the assignments, in one plan; null where all was there already.</summary>
    public static Plan? Run(ReadOnlySpan<Node> wanted, IReadOnlyList<Assignment> assignments)
    {
        Program program = Program.Of(wanted, assignments, keep: assignments.Count > 0);
        Plan? plan = null;
        if (program.Operators.Length > 0 || program.Assigned.Length > 0)
        {
            plan = PlanFor(program);
            var outputs = new Storage[program.Wanted.Length];
            for (int i = 0; i < outputs.Length; i++)
            {
                Spec spec = program.Nodes[program.Wanted[i]].Spec;
                outputs[i] = new Storage(spec.Type, spec.Shape.Elements);
            }
            plan.Execute(program.Leaves, outputs, program.Nodes);
            for (int i = 0; i < outputs.Length; i++)
                program.Nodes[program.Wanted[i]].Value = outputs[i];
        }
        foreach (Assignment assignment in program.Assignments)
        {
            assignment.Parameter.Commit(assignment.Value);
            assignment.Done = true;
        }
        return plan;
    }

    /// <summary>Computes a node into memory of its shape and type, or copies what is known already.</summary>
    public static void Run(Node node, Storage memory)
    {
        if (node.Value is { } value)
        {
            value.CopyTo(memory);
            return;
        }
        Program program = Program.Of([node], [], keep: false);
        PlanFor(program).Execute(program.Leaves, [memory], program.Nodes);
    }

    public static Plan PlanFor(ReadOnlySpan<Node> wanted, IReadOnlyList<Assignment> assignments)
        => PlanFor(Program.Of(wanted, assignments, keep: assignments.Count > 0));

    public static Plan PlanFor(Program program)
    {
        var (exact, forced) = (ConvolutionRegistry.Exact, ConvolutionRegistry.Force);
        // Who looks for the operator that made a NaN wants to see each by itself; the numbers are the same, but for last bits of the moments of what element-wise operators made.
        bool joinsMaps = !Settings.CheckNumerics;
        long? limit = Settings.MemoryLimit;
        lock (Cache)
        {
            if (Cache.TryGetValue((program, exact, forced, joinsMaps, limit), out Plan? cached))
            {
                cached.LastUse = ++s_uses;
                return cached;
            }
        }
        Plan plan = Planner.Make(program, joinsMaps, limit);
        lock (Cache)
        {
            plan.LastUse = ++s_uses;
            // What many shapes leave behind goes, what a loop asks for again and again stays.
            if (Cache.Count >= CachedPlans)
            {
                foreach (var key in Cache.OrderBy(entry => entry.Value.LastUse).Take(CachedPlans / 2).Select(entry => entry.Key).ToArray())
                    Cache.Remove(key);
            }
            Cache[(program.WithoutData(), exact, forced, joinsMaps, limit)] = plan;
        }
        return plan;
    }
}
