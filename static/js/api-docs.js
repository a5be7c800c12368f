// Swagger UI on our own schema. "Try it out" works with the session one is signed in with.

const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  displayRequestDuration: true,
  // The validator's badge would ask a server outside.
  validatorUrl: null,
  requestInterceptor(request) {
    const ours = new URL(request.url, document.baseURI).origin === location.origin;
    if (ours && request.method && request.method !== "GET") {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  },
});
