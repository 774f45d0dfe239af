"""What the service remembers of each entity: numbers only; everything else is derived when it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gumnut_tui.demo.world.instants import wall_us


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """What a client said of a file it sent, and what the service found in it; checksums are base64."""

    checksum: str
    checksum_sha1: str
    size: int
    mime_type: str
    device_asset_id: str
    device_id: str
    created: str
    """File times as the API writes them."""
    modified: str


@dataclass(slots=True)
class Asset:
    """A photo or video. Times are µs since the epoch; `taken_us` is the wall clock, read as if it were UTC."""

    number: int
    library: int
    camera: int
    file_number: int
    taken_us: int
    place: int
    """Index of the place, -1 without GPS."""
    theme: int
    created_us: int
    updated_us: int
    metadata_us: int
    name: str | None = None
    """A file name that is not the camera's own."""
    seconds: float = 0.0
    """Length of a video; 0 for a photo."""
    burst: int = -1
    rating: int = 0
    caption: int = -1
    edits: int = 0
    trashed_us: int = 0
    """0 while live."""
    stack: int = -1
    hashed: bool = False
    described: bool = False
    scored: bool = False
    located: bool = False
    faces: list[int] | None = None
    memberships: list[int] | None = None
    own: dict[str, Any] | None = None
    """Metadata a user set through the API, by field; it hides what the file says."""
    file: UploadedFile | None = None
    """The file a client sent; None for those the simulation makes up."""

    @property
    def captured_us(self) -> int:
        """When it was taken, by the user's own word if there is one; a wall clock like `taken_us`."""
        said = self.own.get("original_datetime") if self.own else None
        return self.taken_us if said is None else wall_us(said)

    @property
    def is_live(self) -> bool:
        """Not in the trash."""
        return not self.trashed_us


@dataclass(slots=True)
class Face:
    """A face on an asset. `identity` is who it truly is, which the service has to guess."""

    number: int
    asset: int
    identity: int
    created_us: int
    updated_us: int
    person: int = -1
    manual: bool = False
    box: tuple[int, int, int, int] | None = None
    """Where a user drew it: left, top, width, height in pixels as displayed."""


@dataclass(slots=True)
class Person:
    """A cluster of faces, named or not."""

    number: int
    library: int
    identity: int
    created_us: int
    updated_us: int
    name: str | None = None
    birth_date: str | None = None
    is_favorite: bool = False
    is_hidden: bool = False
    thumbnail_face: int = -1
    faces: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class Album:
    """An album; `members` maps asset to membership, in the order of adding."""

    number: int
    library: int
    name: str
    created_us: int
    updated_us: int
    description: str | None = None
    cover: int = -1
    """The cover a user chose, -1 when the service picks."""
    members: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Membership:
    """One asset in one album."""

    number: int
    album: int
    asset: int
    created_us: int


@dataclass(slots=True)
class Stack:
    """Shots shown as one tile."""

    number: int
    library: int
    by_user: bool
    created_us: int
    updated_us: int
    primary: int = -1
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class LibraryRecord:
    """A library, and what its clustering and its trash have to do next."""

    number: int
    name: str
    description: str | None
    created_us: int
    updated_us: int
    trashed_us: int = 0
    live_assets: int = 0
    stored_bytes: int = 0
    assets: list[int] = field(default_factory=list)
    """Every asset that was ever here, by arrival; some are gone or elsewhere by now."""
    albums: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    stacks: list[int] = field(default_factory=list)
    trash: dict[int, None] = field(default_factory=dict)
    """Trashed assets, the longest trashed first."""
    unclustered: list[int] = field(default_factory=list)
    loners: dict[int, list[int]] = field(default_factory=dict)
    """Faces seen too rarely to make a person, by identity."""
    known: dict[int, int] = field(default_factory=dict)
    """The person each identity is clustered to."""
