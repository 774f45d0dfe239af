"""Names of people, and file names that no camera made."""

from __future__ import annotations

from typing import Final

PEOPLE: Final = (
    ("Inês Oliveira", "1986-04-12"),
    ("Jonas Weber", "1984-09-30"),
    ("Leo", "2020-10-25"),
    ("Clara", "2017-02-08"),
    ("Avó Teresa", "1946-11-14"),
    ("Opa Heinz", "1943-06-01"),
    ("Anke Weber", "1958-03-22"),
    ("Rui Oliveira", "1961-12-05"),
    ("Miguel", None),
    ("Ana Sofia", None),
    ("Zoë", "2018-07-19"),
    ("Matthias Krüger", None),
    ("田中 さくら", None),
    ("Nuno", None),
    ("Beatriz Lopes", None),
    ("Håkon", None),
    ("Mimi 🐈", None),
    ("Łukasz", None),
    ("Frau Schäfer", None),
    ("Duarte", "2019-05-03"),
    ("Priya Raman", None),
    ("José António", None),
    ("Emma", None),
    ("Tom & Jerry?", None),
    ("Carolina", None),
    ("Dr. Silva", None),
    ("Marek", None),
    ("Sofie", None),
    ("Великий Дядя", None),
    ("Tia Lena", "1955-01-27"),
    ("Paul", None),
    ("[red]Ruth[/red]", None),
)
"""Name and birth date of each identity with a name, by identity."""

ACQUAINTANCES: Final = 160
"""Identities that come again but get no name."""

ODD_FILES: Final = (
    "Übersicht Küche.jpg",
    "[bold]sale[/bold].jpg",
    "日本旅行_0012.jpg",
    "🎂 cake.png",
    "Screenshot 2026-11-02 at 09.41.07.png",
    "Kopie von Kopie von IMG_0042 (1).jpg",
    "São Martinho – castanhas.jpg",
    "=SUM(A1:A9).jpg",
    "invoice\u202egpj.exe.jpg",
    "a very long name somebody gave a panorama of the whole valley from the hut to the glacier, stitched 2.jpg",
    "DSC_0001.JPG.jpg",
    "Grüße aus Nürnberg.jpg",
    "image.png",
    "C:\\Users\\rui\\Desktop\\foto.jpg",
    "first\tday [/] of school.jpg",
)
"""Names given by people and programs, some of them unkind to a terminal."""


def birth_date(identity: int) -> str | None:
    """When the person was born, where somebody wrote it down."""
    return PEOPLE[identity][1] if identity < len(PEOPLE) else None


def person_name(identity: int) -> str | None:
    """What a user would call the person; None for strangers."""
    return PEOPLE[identity][0] if identity < len(PEOPLE) else None
