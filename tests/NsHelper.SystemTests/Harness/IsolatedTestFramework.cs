using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsHelper.SystemTests.Harness;

/// <summary>xunit's own framework; outside tests/isolate it runs one test, which fails and says why, instead of all.</summary>
public sealed class IsolatedTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, source, diagnostics)
    {
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(TestHost.Missing is null ? testCases : testCases.Take(1), executionMessageSink, executionOptions);
    }
}
