// While the claim's page is open its lease goes on. When it is another's, the page says so after it is loaded again.
(function () {
  var shown = document.getElementById("working");
  var token = document.querySelector('[name="csrfmiddlewaretoken"]');
  if (!shown || !token || !("fetch" in window)) return;
  function keep() {
    if (document.hidden) return;
    fetch(shown.dataset.keep, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token.value } })
      .then(function (answer) { if (!answer.ok) { clearInterval(beat); shown.hidden = true; } })
      .catch(function () {});
  }
  var beat = setInterval(keep, 120000);
  document.addEventListener("visibilitychange", keep);
})();
