// allauth's own scripts speak with the key. When the browser refuses, or its owner cancels, the page says so.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey_problem");
  problem.hidden = true;
  requestAnimationFrame(() => { problem.hidden = false; });
});
