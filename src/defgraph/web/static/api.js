// Starts Swagger UI on the description of this server; nothing is asked of any other.

const page = document.getElementById("api");

window.SwaggerUIBundle({
  url: page.dataset.description,
  domNode: page,
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  docExpansion: "list",
  presets: [window.SwaggerUIBundle.presets.apis],
  tryItOutEnabled: false,
  validatorUrl: null,
});
