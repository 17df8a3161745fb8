using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using WebService;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddPyAsync(builder.Configuration.GetSection(PyAsyncOptions.SectionName));
builder.Services.AddSingleton<IOrders, Orders>();
builder.Services.AddSingleton<IOrderCounts>(static services => services.GetRequiredService<IOrders>());
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(static options =>
{
    // For fetch in the page: a status instead of a redirect to a page.
    options.Events.OnRedirectToLogin = static context =>
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    };
});
builder.Services.AddAuthorization();
WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();

app.MapPost("/login", static async (HttpContext context, Login login) =>
{
    var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, login.Name), new Claim(ClaimTypes.Role, "buyer")], CookieAuthenticationDefaults.AuthenticationScheme);
    await context.SignInAsync(new ClaimsPrincipal(identity));
});

// Endpoints in C#, and a FastAPI application, behind the same authentication.
RouteGroupBuilder orders = app.MapGroup("/orders").RequireAuthorization();
orders.MapGet("/", static (IOrders orders, ClaimsPrincipal user) => orders.OfAsync(user.Identity!.Name!));
orders.MapPost("/", static async (IOrders orders, ClaimsPrincipal user, Order order) =>
    TypedResults.Created($"/orders/{await orders.AddAsync(user.Identity!.Name!, order)}"));
app.MapAsgi("/api", "main:app", static options => options.ExposeService<IOrderCounts>()).RequireAuthorization();

// A stream of events: an async generator in Python, read by .NET. If the page is closed, the generator's finally runs.
app.MapGet("/events", static (IRuntime python) => TypedResults.ServerSentEvents(
    python.IntoAsyncEnumerable<double>(static () =>
    {
        using PyObject main = PyObject.Import("main");
        return main.CallMethod("prices");
    }),
    "price")).RequireAuthorization();
await app.RunAsync();
