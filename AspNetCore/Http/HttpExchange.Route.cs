using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PyAsync.Http;

// The route of the Python application, which metrics and activities report. Read only if something records them.
internal sealed partial class HttpExchange
{
    private bool _isRouteWanted;
    private OwnedReference _scope;
    private string? _route;

    /// <summary>True if metrics or activities are recorded for the request. On the server's side.</summary>
    private static bool IsRouteWanted(HttpContext context) =>
        context.Features.Get<IHttpMetricsTagsFeature>() is not null || (Activity.Current is { Source: var source } && source.HasListeners());

    /// <summary>Reads the route that FastAPI has put into the scope. On the loop's thread.</summary>
    private void NoteRoute()
    {
        if (_scope.IsNull || _route is not null)
        {
            return;
        }

        AsgiNames names = Application.Names;
        BorrowedReference found = AsgiMessage.Get(_scope.Borrow(), names.Route);
        if (found.IsNull)
        {
            return;
        }

        using NewReference path = CPython.PyObject_GetAttr(found, names.Path.Reference);
        if (path.IsNull)
        {
            PythonErrors.Forget(); // The object is another framework's.
        }
        else if (PyText.IsString(path.Borrow()))
        {
            // Applications that are mounted within the application have lengthened the root path.
            BorrowedReference root = AsgiMessage.Get(_scope.Borrow(), names.RootPath);
            string mounted = !root.IsNull && PyText.IsString(root) ? PyText.ToString(root) ?? "" : "";
            _route = (mounted.StartsWith(Request.RootPath, StringComparison.Ordinal) ? mounted[Request.RootPath.Length..] : "") + PyText.ToString(path.Borrow());
        }
    }

    private void ForgetRoute()
    {
        _scope.Clear();
        _route = null;
    }
}
