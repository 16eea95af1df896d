"""An answer as a person sees it: what it says, what it asks, what its forms would send."""

import httpx
from lxml.html import FormElement, HtmlElement, fromstring


class Page:
    """The page of an answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.tree = fromstring(response.text or "<html></html>")

    @property
    def heading(self) -> str:
        """Return the page's own heading."""
        return self.text_of("//h1")

    @property
    def text(self) -> str:
        """Everything that the page says between its head and its foot."""
        return self.text_of("//main")

    def text_of(self, xpath: str) -> str:
        """Return the text of what `xpath` finds, each white space as one space; "" when there is nothing."""
        return " ".join(" ".join(part.text_content() for part in self.found(xpath)).split())

    def found(self, xpath: str) -> list[HtmlElement]:
        """Return the elements that `xpath` finds."""
        found = self.tree.xpath(xpath)
        assert isinstance(found, list)
        return [each for each in found if isinstance(each, HtmlElement)]

    def facts(self) -> dict[str, str]:
        """Return the descriptions of the page by their terms."""
        terms = [str(term.text_content()) for term in self.found("//dt")]
        return {term: self.text_of(f"//dt[.='{term}']/../dd") for term in terms}

    def error(self, field: str) -> str:
        """Return the error that a field points at, as a screen reader would find it."""
        (control,) = self.found(f"//*[@name='{field}']")
        errors = [
            self.text_of(f"//*[@id='{id}'][@class='error']") for id in control.get("aria-describedby", "").split()
        ]
        return " ".join(filter(None, errors))

    def form(self, to: str = "") -> FormElement:
        """Return the first form of the page whose action ends with `to`."""
        return next(form for form in self.forms() if (form.action or "").endswith(to))

    def has_form(self, to: str) -> bool:
        """Return whether a form of the page's own has an action that ends with `to`."""
        return any((form.action or "").endswith(to) for form in self.forms())

    def forms(self) -> list[FormElement]:
        """Return the forms of the page's own."""
        return [form for form in self.found("//main//form") if isinstance(form, FormElement)]

    def fields(self, to: str = "") -> dict[str, str]:
        """Return the fields that the form would send unchanged.

        A line break at the start of a textarea is none (HTML §13.1.2.5).
        """
        return {name: str(value or "").removeprefix("\n") for name, value in self.form(to).fields.items()}

    def action(self, to: str = "") -> str:
        """Return the path that the form goes to."""
        return self.response.request.url.join(self.form(to).action or "").path
