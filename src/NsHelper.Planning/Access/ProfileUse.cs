using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>What the paths of a profile depend on. Not a permission: a plan takes a <see cref="Grant"/>, which has one of these.</summary>
internal sealed record ProfileUse(Profile Profile, Caller Caller, ParameterValues Parameters);
