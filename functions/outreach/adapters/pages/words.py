"""The texts of the pages, in each language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One page: its heading, its sentence, and the label of its button if it has one."""

    title: str
    text: str
    button: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """All pages in one language."""

    unsubscribe: Text
    unsubscribed: Text
    survey: Text
    thanks: Text
    not_found: Text


WORDS = {
    "en": Words(
        unsubscribe=Text(
            "Unsubscribe",
            "You will get no more news and offers from us. Messages about your orders still come.",
            "Unsubscribe",
        ),
        unsubscribed=Text("You are unsubscribed", "You will get no more news and offers from us."),
        survey=Text("How is it going?", "One click is enough: 1 is not well at all, 5 is very well."),
        thanks=Text("Thank you", "Your answer helps us to do better."),
        not_found=Text("Page not found", "There is nothing here."),
    ),
    "de": Words(
        unsubscribe=Text(
            "Abmelden",
            "Sie erhalten dann keine Neuigkeiten und Angebote mehr von uns. "
            "Nachrichten zu Ihren Bestellungen kommen weiterhin.",
            "Abmelden",
        ),
        unsubscribed=Text("Sie sind abgemeldet", "Sie erhalten keine Neuigkeiten und Angebote mehr von uns."),
        survey=Text("Wie läuft es?", "Ein Klick genügt: 1 heißt gar nicht gut, 5 heißt sehr gut."),
        thanks=Text("Vielen Dank", "Ihre Antwort hilft uns, besser zu werden."),
        not_found=Text("Seite nicht gefunden", "Hier ist nichts."),
    ),
    "es": Words(
        unsubscribe=Text(
            "Darse de baja",
            "No recibirá más novedades ni ofertas nuestras. "
            "Los mensajes sobre sus pedidos seguirán llegando.",
            "Darse de baja",
        ),
        unsubscribed=Text("Se ha dado de baja", "No recibirá más novedades ni ofertas nuestras."),
        survey=Text("¿Cómo le va?", "Basta un clic: 1 es nada bien, 5 es muy bien."),
        thanks=Text("Gracias", "Su respuesta nos ayuda a mejorar."),
        not_found=Text("Página no encontrada", "Aquí no hay nada."),
    ),
    "fr": Words(
        unsubscribe=Text(
            "Se désabonner",
            "Vous ne recevrez plus de nouvelles ni d'offres de notre part. "
            "Les messages concernant vos commandes continueront d'arriver.",
            "Se désabonner",
        ),
        unsubscribed=Text(
            "Vous êtes désabonné", "Vous ne recevrez plus de nouvelles ni d'offres de notre part."
        ),
        survey=Text(
            "Comment cela se passe-t-il ?", "Un clic suffit : 1 veut dire pas bien du tout, 5 très bien."
        ),
        thanks=Text("Merci", "Votre réponse nous aide à faire mieux."),
        not_found=Text("Page introuvable", "Il n'y a rien ici."),
    ),
}
