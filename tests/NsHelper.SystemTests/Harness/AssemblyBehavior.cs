using System.Runtime.Versioning;
using Xunit;

// The tests share one /etc, one /run/nshelper and the users' processes.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestFramework("NsHelper.SystemTests.Harness.IsolatedTestFramework", "NsHelper.SystemTests")]
[assembly: SupportedOSPlatform("linux")]
