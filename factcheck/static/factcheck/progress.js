// While an article is being read: look every three seconds, and load the page again when something has changed.
(function () {
  var shown = document.getElementById("progress");
  if (!shown || !("fetch" in window)) return;
  function look() {
    fetch(location.pathname, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (html) {
        var now = new DOMParser().parseFromString(html, "text/html").getElementById("progress");
        if (now && now.textContent !== shown.textContent) location.reload();
        else setTimeout(look, 3000);
      })
      .catch(function () { setTimeout(look, 10000); });
  }
  setTimeout(look, 3000);
})();
