// The pages work without this: it keeps a form from being sent twice and shows the reader what went wrong.
const problems = document.querySelector(".problems");
if (problems) problems.focus();

for (const form of document.forms) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    sent = false;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  });
}

document.documentElement.dataset.live = "";
