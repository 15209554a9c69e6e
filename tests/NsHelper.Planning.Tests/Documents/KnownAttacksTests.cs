using System.Text.RegularExpressions;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>Why: a row of docs/known-attacks.md whose test is gone would be a promise nobody keeps.</summary>
public sealed class KnownAttacksTests
{
    private const int Rows = 122;

    private static readonly string[] Places = ["Attacks", "Logins", "Sessions"];

    [Fact]
    public void Every_row_names_a_test_that_exists()
    {
        string[] rows = [.. Repository.Read("docs/known-attacks.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.Equal(Rows, rows.Length);
        Assert.Equal(rows.Length, rows.Select(row => row.Split('|')[1]).Distinct().Count());
        foreach (string row in rows)
        {
            string tests = row.Split('|')[^2].Trim();
            if (tests.StartsWith("tests/packaging/", StringComparison.Ordinal))
            {
                AssertClaims(tests);
                continue;
            }

            foreach (string name in tests.Split(','))
            {
                string[] test = name.Trim().Split('.');
                string file = Places.Select(place => $"tests/NsHelper.SystemTests/{place}/{test[0]}.cs").First(path => File.Exists(Repository.PathOf(path)));
                Assert.Contains($"public void {test[1]}(", Repository.Read(file), StringComparison.Ordinal);
            }
        }
    }

    // tests/packaging/SCRIPT "what it claims", ...
    private static void AssertClaims(string tests)
    {
        MatchCollection claims = Regex.Matches(tests, "(tests/packaging/[a-z.]+) \"([^\"]+)\"");
        Assert.Equal(tests, string.Join(", ", claims.Select(claim => claim.Value)));
        foreach (Match claim in claims)
        {
            string script = Repository.Read(claim.Groups[1].Value);
            string text = claim.Groups[2].Value;
            Assert.True(
                script.Contains($"claim '{text}' ", StringComparison.Ordinal) || script.Contains($"claim \"{text}\" ", StringComparison.Ordinal),
                $"{claim.Value} is not claimed");
        }
    }
}
