"""The metadata of an asset: camera, time and place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zlib import crc32

from gumnut_tui.demo.world.cameras import CAMERAS, Camera, is_upright
from gumnut_tui.demo.world.instants import instant, utc
from gumnut_tui.demo.world.places import PLACES, label
from gumnut_tui.demo.world.records import Asset
from gumnut_tui.demo.world.themes import THEMES

_EXPOSURES: Final = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.0167, 0.02, 0.033)
_ISO: Final = (50, 64, 100, 125, 200, 320, 400, 800, 1600, 3200)


def zone_suffix(asset: Asset) -> str:
    """The offset of the wall clock where it is known, else nothing."""
    said = asset.own.get("original_datetime") if asset.own else None
    if said is not None:
        moment = datetime.fromisoformat(said)
        return moment.isoformat().removeprefix(moment.replace(tzinfo=None).isoformat())
    return _place_suffix(asset)


def _place_suffix(asset: Asset) -> str:
    if asset.place < 0:
        return ""
    minutes = int(PLACES[asset.place].offset * 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def metadata_json(asset_id: str, asset: Asset) -> dict[str, Any]:
    """All metadata fields; what the file does not say is null."""
    camera = CAMERAS[asset.camera]
    taken = instant(asset.taken_us).strftime("%Y-%m-%dT%H:%M:%S") + (_place_suffix(asset) or "Z")
    has_exif = camera.make is not None
    captions = THEMES[asset.theme].captions
    return {
        "asset_id": asset_id,
        "created_at": utc(asset.created_us),
        "updated_at": utc(max(asset.created_us, asset.metadata_us)),
        "make": camera.make,
        "model": camera.model,
        **_optics(asset, camera),
        "exposure_bias": (-0.33, 0.0, 0.0, 0.33)[int(4 * fraction(asset.number, "bias"))] if has_exif else None,
        "orientation": (6 if is_upright(asset) else 1) if has_exif and not asset.seconds else None,
        "projection_type": None,
        "fps": (29.97, 59.94, 30.0)[int(3 * fraction(asset.number, "fps"))] if asset.seconds else None,
        "live_photo_cid": None,
        "auto_stack_id": None,
        "raw_width": None if asset.seconds else camera.width,
        "raw_height": None if asset.seconds else camera.height,
        "original_datetime": taken if has_exif else None,
        "digitized_datetime": taken if has_exif else None,
        "modified_datetime": taken if has_exif else None,
        "timezone": PLACES[asset.place].timezone if asset.place >= 0 else None,
        **_place(asset),
        "rating": asset.rating,
        "description": captions[asset.caption % len(captions)] if asset.caption >= 0 and captions else None,
        **(asset.own or {}),
    }


def _optics(asset: Asset, camera: Camera) -> dict[str, Any]:
    if not camera.apertures or asset.seconds:
        return dict.fromkeys(("lens_model", "f_number", "focal_length", "iso", "exposure_time"))

    def pick(values: tuple[Any, ...], purpose: str) -> Any:
        return values[int(fraction(asset.number, purpose) * len(values))]

    return {
        "lens_model": pick(camera.lenses, "lens") if camera.lenses else None,
        "f_number": pick(camera.apertures, "aperture"),
        "focal_length": pick(camera.focal_lengths, "focal"),
        "iso": pick(_ISO, "iso"),
        "exposure_time": pick(_EXPOSURES, "exposure"),
    }


def _place(asset: Asset) -> dict[str, Any]:
    if asset.place < 0:
        named: dict[str, Any] = dict.fromkeys(("latitude", "longitude", "altitude"))
        return named | _names(None, None, asset)
    place = PLACES[asset.place]
    spots = (*place.spots, None)
    spot = spots[int(fraction(asset.number, "spot") * len(spots))]
    return {
        "latitude": round(place.latitude + (fraction(asset.number, "lat") - 0.5) * 0.04, 6),
        "longitude": round(place.longitude + (fraction(asset.number, "lon") - 0.5) * 0.05, 6),
        "altitude": round(place.altitude + 12 * fraction(asset.number, "alt"), 1),
        **_names(spot, label(place, spot), asset),
    }


def _names(spot: str | None, display_label: str | None, asset: Asset) -> dict[str, Any]:
    """Place names, which only the geocoding job knows."""
    if not asset.located:
        keys = ("city", "state", "country", "country_code", "sublocation", "place_name", "display_label")
        return dict.fromkeys(keys)
    place = PLACES[asset.place]
    return {
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "country_code": place.country_code,
        "sublocation": None,
        "place_name": spot,
        "display_label": display_label,
    }


def fraction(number: int, purpose: str) -> float:
    """A number in [0, 1) that always belongs to the same entity and purpose."""
    return crc32(f"{purpose} {number}".encode()) / 2**32
