"""What a shoot is about: who shows up, where, how an album of it is called, what the describing model says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """One kind of occasion. Titles may use `{city}`, `{month}` and `{year}`."""

    key: str
    crowd: tuple[int, ...]
    """How likely 0, 1, 2, … faces are on a photo, as weights."""
    cameras: tuple[str, ...]
    places: tuple[str, ...]
    """Cities it happens in; none means at home."""
    titles: tuple[str, ...]
    subjects: tuple[str, ...]
    captions: tuple[str, ...] = ()
    videos: float = 0.06
    bursts: float = 0.05


_PHONES: Final = ("iphone", "pixel", "iphone", "messenger")

THEMES: Final = (
    Theme("home", (50, 28, 14, 8), _PHONES, (),
          ("{month} at home", "Small things, {month}", "Around the house"),
          ("a child drawing at a kitchen table", "a tabby cat asleep on a windowsill",
           "a bowl of oranges in the afternoon light", "two people cooking in a small kitchen",
           "a half-built cardboard castle"),
          ("He would not sit still", "Mimi again", "First try at pão de ló")),
    Theme("birthday", (18, 30, 27, 16, 9), ("nikon", "iphone", "pixel"), ("Lisbon", "Nürnberg", "München"),
          ("Grandma's 80th", "Leo turns six", "Überraschungsparty für Anke", "Avó’s birthday lunch 🎂",
           "Birthday, {month} {year}"),
          ("a woman laughing behind a birthday cake with candles", "children around a table with paper hats",
           "a man raising a glass under a string of lights", "wrapped presents on a garden table"),
          ("Eighty candles, one breath", "The cake survived the train", "Uncle Rui’s speech, part one of four"),
          0.1, 0.1),
    Theme("italy", (45, 28, 18, 9), ("sony", "iphone", "drone", "pixel"),
          ("Roma", "Siena", "Firenze", "Vernazza"),
          ("Italy {year}", "Toscana, {month}", "{city} by night", "Cinque Terre walk"),
          ("a narrow street with laundry between the houses", "a hill town above rows of cypresses",
           "a plate of cacio e pepe on a paper tablecloth", "a family on worn stone steps",
           "sunset over terracotta roofs"),
          ("Gelato number four", "Lost, but nicely", "View from the kitchen window"), 0.05, 0.05),
    Theme("beach", (35, 30, 22, 13), ("iphone", "pixel", "action", "drone"), ("Cascais", "Nazaré"),
          ("{city}, {month} {year}", "Big waves", "Sunday at the sea", "Long weekend in {city}"),
          ("a surfer under a tall green wave", "two children digging in wet sand",
           "an empty beach under low clouds", "a dog running along the waterline"),
          ("Water was 16°", "The dog found a crab", "Thirty metres, they say"), 0.16, 0.14),
    Theme("mountains", (52, 26, 15, 7), ("nikon", "pixel", "drone"), ("Garmisch-Partenkirchen", "Reykjavík"),
          ("Hike to the Eibsee", "Hütte {year}", "Iceland ring road", "Above the clouds, {month}"),
          ("a trail of larch trees turning yellow", "a mountain lake with a red rowing boat",
           "three hikers resting on a rock", "fog lifting from a valley at sunrise"),
          ("Worth the blisters", "Brotzeit!", "No filter"), 0.05, 0.06),
    Theme("city", (48, 28, 15, 9), ("pixel", "iphone", "sony"), ("Porto", "München", "Brooklyn", "Lisbon"),
          ("{city} {year}", "A day in {city}", "Street, {month}", "Weekend in {city}"),
          ("a yellow tram climbing a steep street", "a market stall with blue crates of figs",
           "a bridge in the rain with people under umbrellas", "an espresso on a marble counter"),
          ("Line 28, of course", "Best custard tart so far", "Rain, finally"), 0.05, 0.05),
    Theme("japan", (58, 25, 12, 5), ("sony", "iphone"), ("京都市",),
          ("京都 {year}", "Kyoto in autumn", "紅葉"),
          ("a path of red torii gates", "maple leaves over a temple roof", "a steaming bowl of ramen",
           "a quiet garden of raked gravel"),
          ("お疲れ様", "Five in the morning, nobody here", "Momiji"), 0.04, 0.05),
    Theme("school play", (12, 24, 28, 22, 14), ("nikon", "iphone"), ("Lisbon",),
          ("School play {year}", "Kindergarten, {month}", "Magusto at school"),
          ("children in costumes on a small stage", "a girl with cardboard wings waving",
           "parents filming with raised phones", "a row of drawings on a corridor wall"),
          ("The third tree from the left", "He forgot the line and bowed anyway"), 0.15, 0.12),
    Theme("scans", (25, 30, 25, 20), ("scanner",), ("Nürnberg",),
          ("Opa’s slides", "Family album, 1974–1988", "Shoebox no. {n}"),
          ("a faded photograph of a family in front of a car", "a wedding couple on church steps",
           "a boy with a toy sailing boat", "a handwritten page with two small photographs"),
          ("On the back: “Rimini 1978”", "Who is the man with the hat?"), 0.0, 0.0),
    Theme("portraits", (8, 62, 24, 6), ("canon",), (),
          ("Portraits — Oliveira", "Headshots, {month}", "Band photos", "Ana & Miguel, selects"),
          ("a studio portrait against a grey backdrop", "a couple under a softbox, laughing",
           "a violinist in side light", "hands holding a coffee cup, shallow focus"),
          ("client pick", "retouch: skin only", "use this one"), 0.0, 0.22),
    Theme("products", (96, 4), ("canon", "sony"), (),
          ("Ceramics catalogue", "Lookbook {year}", "Olive oil labels", "Autumn sale [draft]"),
          ("a stoneware jug on white", "a row of glass bottles with hard shadows", "folded linen, overhead",
           "a leather bag on a wooden stool"),
          ("shadow a bit hard", "approved", "crop to 4:5"), 0.0, 0.04),
    Theme("guesthouse", (88, 9, 3), ("old phone", "messenger"), ("Porto", "Nazaré"),
          ("Rooms", "Before the works", "Garden & terrace"),
          ("a bright room with a white bed", "a tiled staircase", "a terrace with lemon trees",
           "a leaking pipe under a sink"),
          ("for the listing", "before", "after"), 0.02, 0.0),
)  # fmt: skip
THEME_NUMBER: Final = {theme.key: number for number, theme in enumerate(THEMES)}

QUALITIES: Final = (
    "Sharp focus and soft, even light.",
    "Slightly underexposed, with a little motion blur.",
    "Warm colours; the horizon tilts to the left.",
    "Good composition with a clear subject.",
    "Strong contrast, some noise in the shadows.",
    "Backlit, with lens flare at the edge.",
)
