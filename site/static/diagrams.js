// Loaded after mermaid.js, which draws every <pre class="mermaid"> when the page is there.
mermaid.initialize({ startOnLoad: true, securityLevel: "strict" });
