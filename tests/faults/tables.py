"""CSV as people save it: letters, separators, headers, quotes, names (R41, R42, R43, R45, R49, R51)."""

from __future__ import annotations

from faults.corpus import FIX, INFO, SAME, STOP, WARN, fault
from faults.scene import Scene


def accented(scene: Scene) -> str:
    """The list of villages as text, with accents in some names."""
    text = scene.text("villages.csv")
    return text.replace("Chipunga", "Chipunga Santé").replace("Dowa", "Dowa d'à côté").replace("Lobi", "Lobi São João")


@fault("R41", FIX, "Windows-1252")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene), "cp1252")


@fault("R41", FIX, "Mac Roman")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene), "mac_roman")


@fault("R41", FIX, "DOS, code page 850")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene), "cp850")


@fault("R41", INFO, "UTF-16 with its mark and tabs, Excel's Unicode text")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene).replace(",", "\t"), "utf-16")


@fault("R41", FIX, "UTF-16 without a mark")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene), "utf-16-le")


@fault("R41", WARN, "UTF-8 that was read as Windows-1252 and written again")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene).replace("à", "a").encode().decode("cp1252"))


@fault("R41", WARN, "letters that an earlier program could not read")
def _(scene: Scene):
    scene.write_text("villages.csv", accented(scene).encode("latin-1").decode("utf-8", "replace"))


@fault("R41", STOP, "UTF-16 cut in the middle of a letter")
def _(scene: Scene):
    (scene.folder / "villages.csv").write_bytes(accented(scene).encode("utf-16")[:-1])


@fault("R42", SAME, "UTF-8 with a byte order mark")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv"), "utf-8-sig")


@fault("R42", SAME, "a byte order mark before a quoted header")
def _(scene: Scene):
    scene.write_text("facilities.csv", scene.text("facilities.csv").replace("code", '"code"'), "utf-8-sig")


@fault("R42", INFO, "a byte order mark, and semicolons")
def _(scene: Scene):
    scene.write_text("chws.csv", scene.text("chws.csv").replace(",", ";"), "utf-8-sig")


def separated(scene: Scene, between: str, decimal: str) -> None:
    text = scene.text("villages.csv")
    scene.write_text("villages.csv", text.replace(",", between).replace(".", decimal))


for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):

    @fault("R43", INFO, f"{word}, decimal points")
    def _(scene: Scene, sign=sign):
        separated(scene, sign, ".")

    @fault("R43", FIX, f"{word}, decimal commas")
    def _(scene: Scene, sign=sign):
        separated(scene, sign, ",")


@fault("R43", INFO, "a first line that tells Excel the separator")
def _(scene: Scene):
    scene.write_text("villages.csv", "sep=;\r\n" + scene.text("villages.csv").replace(",", ";"))


@fault("R43", STOP, "decimal commas between commas")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace(".", ","))


def renamed(scene: Scene, file: str, **names: str) -> None:
    """Give the columns of a list other names."""
    rows = [{names.get(key, key): cell for key, cell in row.items()} for row in scene.rows(file)]
    scene.write_rows(file, rows)


@fault("R45", INFO, "French headers with accents and capitals")
def _(scene: Scene):
    renamed(scene, "facilities.csv", code="CODE FOSA", name="Nom de la Formation Sanitaire", type="Type FOSA",
            latitude="Latitude Sud", longitude="Longitude Est")  # fmt: skip


@fault("R45", INFO, "Portuguese headers")
def _(scene: Scene):
    renamed(scene, "facilities.csv", code="Código", name="Nome da Unidade Sanitária", type="Tipo de Unidade")


@fault("R45", INFO, "Swahili headers, one cell of them over two lines")
def _(scene: Scene):
    renamed(scene, "facilities.csv", code="Namba ya kituo", name="Jina la\nkituo", type="Aina ya kituo")


@fault("R45", STOP, "a misspelt header")
def _(scene: Scene):
    renamed(scene, "villages.csv", name="Vilage nmae", latitude="Latitud e")


@fault("R45", STOP, "headers in a language that is not known")
def _(scene: Scene):
    renamed(
        scene, "facilities.csv", code="Kennung", name="Bezeichnung", type="Art", latitude="Breite", longitude="Länge"
    )


@fault("R45", INFO, "headers that the scenario names")
def _(scene: Scene):
    renamed(scene, "villages.csv", code="Kennung", name="Ort", latitude="Breite", longitude="Länge")
    scene.scenario["villages"]["columns"] = {"name": "ort", "lat": "Breite", "lon": "Lange"}


@fault("R49", STOP, "a quote that nothing closes")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace("Dowa", '"Dowa'))


@fault("R49", STOP, "text behind a closing quote")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace("Dowa", '"Dowa"town'))


@fault("R49", WARN, "a quote that swallows a row")
def _(scene: Scene):
    text = scene.text("villages.csv")
    scene.write_text("villages.csv", text.replace("Chipunga", '"Chipunga').replace("Dowa", 'Dowa"'))


@fault("R49", STOP, "a row with more cells than the header")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace("Dowa", "Dowa, north"))


@fault("R49", FIX, "a row with fewer cells than the header")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace("Dowa,", ""))


@fault("R49", STOP, "NUL bytes")
def _(scene: Scene):
    scene.write_text("villages.csv", scene.text("villages.csv").replace("Dowa", "Do\0wa"))


@fault("R49", STOP, "numbers beyond all numbers, and words for them")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[0]["latitude"], rows[1]["longitude"], rows[2]["latitude"] = "1e400", "inf", "nan"
    scene.write_rows("villages.csv", rows)


@fault("R49", STOP, "an empty file")
def _(scene: Scene):
    scene.write_text("villages.csv", "")


@fault("R51", SAME, "names from right to left, with emoji, with combining accents")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[0]["name"], rows[1]["name"], rows[2]["name"] = "مركز صحي موهيلي", "CS 🏥 👩🏾‍⚕️", "Sante\u0301"
    scene.write_rows("facilities.csv", rows)


@fault("R51", FIX, "characters that turn the direction of writing, and control characters")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[0]["name"], rows[1]["name"] = "Mbale\u202egpj.exe", "Chip\u0007unga\u200b"
    scene.write_rows("villages.csv", rows)


@fault("R51", SAME, "a name over two lines")
def _(scene: Scene):
    rows = scene.rows("facilities.csv")
    rows[0]["name"] = "CS\nMbale"
    scene.write_rows("facilities.csv", rows)


@fault("R51", FIX, "a name of 1,000 characters, without a position")
def _(scene: Scene):
    rows = scene.rows("villages.csv")
    rows[1] |= {"name": "Chipunga " * 111 + "!", "latitude": "", "longitude": ""}
    scene.write_rows("villages.csv", rows)
