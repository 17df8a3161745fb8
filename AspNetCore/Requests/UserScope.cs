using System.Security.Claims;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>Gives the user that ASP.NET Core has authenticated to the application, as Starlette's AuthenticationMiddleware does: <c>scope["user"]</c> and <c>scope["auth"]</c>.</summary>
internal static class UserScope
{
    /// <summary>Adds both keys to a scope. On the loop's thread.</summary>
    public static void Add(BorrowedReference scope, AsgiNames names, ClaimsPrincipal user)
    {
        using PyObject make = AsgiModule.Current.Get("make_user");
        using PyObject isAuthenticated = PyObject.From(user.Identity?.IsAuthenticated ?? false, PyConvert.Boolean);
        using PyObject name = PyObject.From(user.Identity?.Name ?? user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", PyConvert.String);
        using PyObject claims = PyObject.From(user.Claims.Select(static claim => (claim.Type, claim.Value)).ToList(), s_claims);
        using PyObject roles = PyObject.From(user.Identities.SelectMany(static identity => identity.FindAll(identity.RoleClaimType)).Select(static claim => claim.Value).ToList(), s_roles);
        using PyObject made = make.Call([isAuthenticated, name, claims, roles]);
        using PyObject auth = made[0];
        using PyObject principal = made[1];
        AsgiApplication.Set(scope, names.Auth, auth.Reference);
        AsgiApplication.Set(scope, names.User, principal.Reference);
    }

    private static readonly PyConverter<List<(string Type, string Value)>> s_claims = PyConvert.List(PyConvert.Tuple(PyConvert.String, PyConvert.String));
    private static readonly PyConverter<List<string>> s_roles = PyConvert.List(PyConvert.String);
}
