using System.Text.Json;
using NsHelper.Planning.Output;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Views;

/// <summary>A case that is added to a closed set must be shown too: explain would otherwise promise less than run does.</summary>
public sealed class ClosedSetTests
{
    [Fact]
    public void Every_kind_of_step_is_in_the_plan_that_the_views_are_tested_with() => Assert.Equal(
        typeof(SetupStep).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(type => !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal),
        HandMadePlan.Full.Steps.Select(step => step.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_step_has_its_number_in_the_text_and_its_object_in_json()
    {
        string text = PlanText.Of(HandMadePlan.Full, OutputStyle.Plain);
        Assert.All(Enumerable.Range(1, HandMadePlan.Full.Steps.Length), number => Assert.Contains($"\n  {number,2} ", text, StringComparison.Ordinal));
        using var document = JsonDocument.Parse(PlanJson.Of(HandMadePlan.Full));
        Assert.Equal(HandMadePlan.Full.Steps.Length, document.RootElement.GetProperty("steps").GetArrayLength());
    }

    [Fact]
    public void Every_attribute_and_every_namespace_has_its_word()
    {
        Assert.All(Enum.GetValues<MountAttributes>().Where(attribute => attribute != 0), attribute => Assert.Single(PlanWords.Of(attribute)));
        Assert.All(Enum.GetValues<NamespaceSet>().Where(set => set != 0), set => Assert.Single(PlanWords.PrivateNamespaces(set)));
    }
}
