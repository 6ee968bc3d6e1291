// Reads MJML documents (a JSON object, by name) from standard input and writes what MJML makes of each.
const mjml = require("mjml");
const documents = JSON.parse(require("fs").readFileSync(0, "utf8"));

(async () => {
  const pages = {};
  for (const name in documents) {
    pages[name] = (await mjml(documents[name], { fonts: {} })).html;
  }
  process.stdout.write(JSON.stringify(pages));
})();
