using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>The client of a connection, with its Python tuple, which all requests of the connection share.</summary>
internal sealed class ClientInfo
{
    private static readonly object s_key = new();
    private readonly IPAddress? _address;
    private readonly int _port;
    private PyObject? _client;

    private ClientInfo(IPAddress? address, int port)
    {
        _address = address;
        _port = port;
    }

    /// <summary>Gets the tuple of host and port; <c>None</c> for a connection without an address, such as a Unix socket. On the loop's thread.</summary>
    public BorrowedReference Client => _address is null ? InterpreterState.Current.None : (_client ??= Address(_address, _port).ToPyObject()).Reference;

    /// <summary>Gets the information of a request. A middleware (forwarded headers) may have replaced the address of the connection.</summary>
    public static ClientInfo Of(HttpContext context)
    {
        ConnectionInfo connection = context.Connection;
        IPAddress? address = connection.RemoteIpAddress;
        int port = connection.RemotePort;
        if (context.Features.Get<IConnectionItemsFeature>()?.Items is not { } items)
        {
            return new ClientInfo(address, port);
        }

        lock (items)
        {
            if (items.TryGetValue(s_key, out object? found) && found is ClientInfo kept && kept._port == port && Equals(kept._address, address))
            {
                return kept;
            }

            var created = new ClientInfo(address, port);
            items[s_key] = created;
            return created;
        }
    }

    /// <summary>Makes a tuple of host and port. Needs the GIL.</summary>
    public static NewReference Address(IPAddress address, int port)
    {
        NewReference tuple = CPython.PyTuple_New(2).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, PyText.FromString((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()));
        PyTuple.Set(tuple.Borrow(), 1, PyConvert.Int32.ToReference(port));
        return tuple;
    }
}
