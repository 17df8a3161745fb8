using System.Net;
using System.Net.Http.Json;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>samples/WebService, as a client and as a browser see it.</summary>
public sealed class WebServiceTests(SampleService service) : IClassFixture<SampleService>
{
    [Theory]
    [InlineData("/orders/")]
    [InlineData("/api/me")]
    [InlineData("/api/discount/tea")]
    [InlineData("/events")]
    public async Task BeforeTheLogin_CSharpAndPython_AreRefusedAlike(string path)
    {
        using HttpClient client = service.Client();

        using HttpResponseMessage response = await client.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AfterTheLogin_PythonSeesTheUserAndUsesTheService()
    {
        using HttpClient client = service.Client();
        (await client.PostAsJsonAsync("/login", new { name = "Grace" })).EnsureSuccessStatusCode();

        (await client.GetStringAsync("/api/me")).ShouldBe("""{"name":"Grace","is_authenticated":true,"scopes":["authenticated","buyer"]}""");
        (await client.PostAsJsonAsync("/orders/", new { article = "tea", count = 3 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.GetStringAsync("/api/discount/tea")).ShouldBe("""{"article":"tea","ordered":3,"percent":15}""");
    }

    [Fact]
    public async Task Events_ClientThatLeaves_EndsTheGenerator()
    {
        using HttpClient client = service.Client();
        (await client.PostAsJsonAsync("/login", new { name = "Lin" })).EnsureSuccessStatusCode();
        int ended = service.StreamsEnded;
        using (Stream events = await client.GetStreamAsync("/events"))
        using (var reader = new StreamReader(events))
        {
            (await reader.ReadLineAsync()).ShouldBe("event: price");
            (await reader.ReadLineAsync()).ShouldBe("data: 100");
        }

        await service.WaitForStreamsEnded(ended + 1);
    }

    [Fact]
    public async Task Page_InABrowser_ShowsOrdersDiscountAndEvents()
    {
        service.Needed();
        Assert.SkipWhen(Browser.Path is null, "There is no headless browser. On Debian type: apt-get install chromium");
        int ended = service.StreamsEnded;
        await using (Browser browser = await Browser.Start())
        {
            await browser.Open(service.Url, "document.querySelector('#login [name=name]')");
            (await browser.Evaluate("document.querySelector('main').checkVisibility()")).ShouldBe("false");

            await browser.Evaluate("(document.querySelector('#login [name=name]').value = 'Ada', document.querySelector('#login button').click())");
            await browser.WaitFor("document.querySelector('main').checkVisibility() && document.querySelector('#discount').textContent");
            (await browser.Evaluate("document.querySelector('#me').textContent")).ShouldBe("Ada");
            (await browser.Evaluate("document.querySelector('#discount').textContent")).ShouldBe("0 %");

            await browser.Evaluate("(document.querySelector('#order [name=count]').value = 2, document.querySelector('#order button').click())");
            await browser.WaitFor("document.querySelectorAll('#orders li').length == 1 && document.querySelector('#discount').textContent != '0 %'");
            (await browser.Evaluate("document.querySelector('#orders').innerText")).ShouldBe("2 × tea");
            (await browser.Evaluate("document.querySelector('#discount').textContent")).ShouldBe("10 %");

            await browser.WaitFor("Number(document.querySelector('#events').textContent) >= 3");
            (await browser.Evaluate("Number(document.querySelector('#price').textContent) > 0")).ShouldBe("true");
            (await browser.Evaluate("document.querySelector('#error').textContent")).ShouldBeEmpty();
        }

        // The page is closed: the generator's finally has run.
        await service.WaitForStreamsEnded(ended + 1);
    }
}
