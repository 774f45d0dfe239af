"""Places photos are taken at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map; `offset` is its hours from UTC in autumn."""

    city: str
    state: str | None
    country: str
    country_code: str
    latitude: float
    longitude: float
    altitude: float
    timezone: str
    offset: float
    spots: tuple[str, ...]


PLACES: Final = (
    Place("Lisbon", "Lisbon", "Portugal", "PT", 38.7139, -9.1394, 45.0, "Europe/Lisbon", 0.0,
          ("Miradouro da Graça", "Alfama", "Campo de Ourique")),
    Place("Cascais", "Lisbon", "Portugal", "PT", 38.6979, -9.4215, 12.0, "Europe/Lisbon", 0.0,
          ("Praia da Conceição", "Boca do Inferno")),
    Place("Porto", "Porto", "Portugal", "PT", 41.1496, -8.6110, 85.0, "Europe/Lisbon", 0.0,
          ("Ponte Dom Luís I", "Ribeira")),
    Place("Nazaré", "Leiria", "Portugal", "PT", 39.6012, -9.0701, 8.0, "Europe/Lisbon", 0.0,
          ("Praia do Norte", "Sítio")),
    Place("München", "Bayern", "Germany", "DE", 48.1374, 11.5755, 519.0, "Europe/Berlin", 1.0,
          ("Englischer Garten", "Viktualienmarkt")),
    Place("Nürnberg", "Bayern", "Germany", "DE", 49.4539, 11.0775, 302.0, "Europe/Berlin", 1.0,
          ("Hauptmarkt",)),
    Place("Garmisch-Partenkirchen", "Bayern", "Germany", "DE", 47.4917, 11.0955, 708.0, "Europe/Berlin", 1.0,
          ("Partnachklamm", "Eibsee")),
    Place("Roma", "Lazio", "Italy", "IT", 41.9028, 12.4964, 21.0, "Europe/Rome", 1.0,
          ("Trastevere", "Pantheon", "Villa Borghese")),
    Place("Siena", "Toscana", "Italy", "IT", 43.3188, 11.3308, 322.0, "Europe/Rome", 1.0,
          ("Piazza del Campo",)),
    Place("Firenze", "Toscana", "Italy", "IT", 43.7696, 11.2558, 50.0, "Europe/Rome", 1.0,
          ("Ponte Vecchio", "Piazzale Michelangelo")),
    Place("Vernazza", "Liguria", "Italy", "IT", 44.1349, 9.6850, 3.0, "Europe/Rome", 1.0,
          ("Sentiero Azzurro",)),
    Place("京都市", "京都府", "日本", "JP", 35.0116, 135.7681, 56.0, "Asia/Tokyo", 9.0,
          ("伏見稲荷大社", "嵐山")),
    Place("Reykjavík", None, "Iceland", "IS", 64.1466, -21.9426, 15.0, "Atlantic/Reykjavik", 0.0,
          ("Hallgrímskirkja",)),
    Place("Brooklyn", "New York", "United States", "US", 40.6782, -73.9442, 11.0, "America/New_York", -5.0,
          ("Prospect Park", "DUMBO")),
)  # fmt: skip
HOME: Final = 0


def label(place: Place, spot: str | None) -> str:
    """The place in words, from the most to the least specific."""
    parts = [spot, place.city, place.state if place.state != place.city else place.country]
    return ", ".join(part for part in parts if part)
