// The claims in the text and those in the margin point at each other; the one that stands beside the text is told apart.
(function () {
  function all(claim) { return document.querySelectorAll('a[data-claim="' + claim + '"]'); }

  function point(event) {
    var link = event.target.closest && event.target.closest("a[data-claim]");
    document.querySelectorAll(".claim--linked").forEach(function (each) { each.classList.remove("claim--linked"); });
    if (link) all(link.dataset.claim).forEach(function (each) { each.classList.add("claim--linked"); });
  }
  document.addEventListener("mouseover", point);
  document.addEventListener("focusin", point);

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id !== "beside") return;
    var claim = new URLSearchParams(location.search).get("claim");
    document.querySelectorAll("a[data-claim]").forEach(function (link) {
      var mark = link.closest("mark");
      if (link.dataset.claim !== claim) link.removeAttribute("aria-current");
      else link.setAttribute("aria-current", "true");
      if (link.dataset.claim === claim && !mark) link.scrollIntoView({ block: "nearest" });
      if (mark) mark.classList.toggle("claim--open", link.dataset.claim === claim);
    });
    var panel = document.getElementById("claim");
    if (!panel) return;
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  });
})();
