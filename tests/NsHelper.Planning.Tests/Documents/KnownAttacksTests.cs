namespace NsHelper.Planning.Tests.Documents;

/// <summary>Why: a row of docs/known-attacks.md whose test is gone would be a promise nobody keeps.</summary>
public sealed class KnownAttacksTests
{
    private const int Rows = 96;

    [Fact]
    public void Every_row_names_a_test_that_exists()
    {
        string[] rows = [.. Repository.Read("docs/known-attacks.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.Equal(Rows, rows.Length);
        Assert.Equal(rows.Length, rows.Select(row => row.Split('|')[1]).Distinct().Count());
        foreach (string row in rows)
        {
            foreach (string name in row.Split('|')[^2].Split(','))
            {
                string[] test = name.Trim().Split('.');
                string attacks = $"tests/NsHelper.SystemTests/Attacks/{test[0]}.cs";
                string source = Repository.Read(File.Exists(Repository.PathOf(attacks)) ? attacks : $"tests/NsHelper.SystemTests/Sessions/{test[0]}.cs");
                Assert.Contains($"public void {test[1]}(", source, StringComparison.Ordinal);
            }
        }
    }
}
