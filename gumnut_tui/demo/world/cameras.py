"""Cameras and phones: what their files are called, how large they are, what they write into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zlib import crc32

from gumnut_tui.demo.world.instants import instant
from gumnut_tui.demo.world.records import Asset


@dataclass(frozen=True, slots=True)
class Camera:
    """One device. `still` and `clip` are file name patterns over `n` (file number) and `t` (time taken)."""

    key: str
    make: str | None
    model: str | None
    lenses: tuple[str, ...]
    still: str
    mime: str
    width: int
    height: int
    megabytes: float
    clip: str = ""
    gps: bool = True
    apertures: tuple[float, ...] = (1.8,)
    focal_lengths: tuple[float, ...] = (6.8,)


CAMERAS: Final = (
    Camera(
        "iphone", "Apple", "iPhone 16 Pro", ("iPhone 16 Pro back triple camera 6.765mm f/1.78",),
        "IMG_{n:04d}.HEIC", "image/heic", 4032, 3024, 2.1, clip="IMG_{n:04d}.MOV",
        apertures=(1.78, 2.2, 2.8), focal_lengths=(2.22, 6.765, 15.66),
    ),
    Camera(
        "pixel", "Google", "Pixel 10", ("Pixel 10 back camera 6.9mm f/1.68",),
        "PXL_{t:%Y%m%d_%H%M%S}{n:03d}.jpg", "image/jpeg", 4080, 3072, 3.4,
        clip="PXL_{t:%Y%m%d_%H%M%S}{n:03d}.mp4",
        apertures=(1.68, 2.2), focal_lengths=(2.02, 6.9),
    ),
    Camera(
        "sony", "SONY", "ILCE-7M4", ("FE 24-105mm F4 G OSS", "FE 55mm F1.8 ZA"),
        "DSC{n:05d}.ARW", "image/x-sony-arw", 7008, 4672, 36.0, gps=False,
        apertures=(1.8, 4.0, 5.6, 8.0), focal_lengths=(24.0, 35.0, 55.0, 105.0),
    ),
    Camera(
        "nikon", "NIKON CORPORATION", "NIKON Z 6_2", ("NIKKOR Z 24-70mm f/4 S", "NIKKOR Z 50mm f/1.8 S"),
        "DSC_{n:04d}.JPG", "image/jpeg", 6048, 4024, 11.2, clip="DSC_{n:04d}.MOV", gps=False,
        apertures=(1.8, 4.0, 5.6), focal_lengths=(24.0, 50.0, 70.0),
    ),
    Camera(
        "drone", "DJI", "FC3582", ("24mm f/1.7",), "DJI_{n:04d}.JPG", "image/jpeg", 4032, 3024, 5.9,
        clip="DJI_{n:04d}.MP4", apertures=(1.7,), focal_lengths=(6.72,),
    ),
    Camera(
        "messenger", None, None, (), "IMG-{t:%Y%m%d}-WA{n:04d}.jpg", "image/jpeg", 1600, 1200, 0.3,
        clip="VID-{t:%Y%m%d}-WA{n:04d}.mp4", gps=False, apertures=(),
    ),
    Camera(
        "scanner", "EPSON", "Perfection V600", (), "Scan_{n:04d}.png", "image/png", 3508, 2480, 9.7,
        gps=False, apertures=(),
    ),
    Camera(
        "canon", "Canon", "Canon EOS R6", ("RF24-70mm F2.8 L IS USM", "RF85mm F2 MACRO IS STM"),
        "_MG_{n:04d}.CR3", "image/x-canon-cr3", 5472, 3648, 24.5, gps=False,
        apertures=(2.0, 2.8, 5.6, 11.0), focal_lengths=(24.0, 50.0, 85.0),
    ),
    Camera(
        "action", "GoPro", "HERO13 Black", (), "GOPR{n:04d}.JPG", "image/jpeg", 5568, 4176, 6.6,
        clip="GX01{n:04d}.MP4", apertures=(2.5,), focal_lengths=(2.71,),
    ),
    Camera(
        "old phone", "samsung", "SM-G930F", ("Samsung Galaxy S7 Rear Camera",),
        "{t:%Y%m%d_%H%M%S}.jpg", "image/jpeg", 4032, 3024, 3.1, clip="{t:%Y%m%d_%H%M%S}.mp4",
        apertures=(1.7,), focal_lengths=(4.2,),
    ),
    Camera("sent by a client", None, None, (), "", "", 1600, 1200, 1.0, gps=False, apertures=()),
)  # fmt: skip
CAMERA_NUMBER: Final = {camera.key: number for number, camera in enumerate(CAMERAS)}

_CLIP_MIME: Final = {"MOV": "video/quicktime", "mov": "video/quicktime", "MP4": "video/mp4", "mp4": "video/mp4"}
_MIME_OF: Final = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}


def file_name(asset: Asset) -> str:
    """The name the asset was uploaded under."""
    if asset.name is not None:
        return asset.name
    camera = CAMERAS[asset.camera]
    pattern = camera.clip if asset.seconds else camera.still
    number = asset.file_number % 1000 if "{n:03d}" in pattern else asset.file_number % 10_000
    return pattern.format(n=number, t=instant(asset.taken_us))


def mime_type(asset: Asset) -> str:
    """The MIME type of the uploaded file."""
    if asset.file is not None:
        return asset.file.mime_type
    if asset.seconds:
        return _CLIP_MIME[file_name(asset).rpartition(".")[2]]
    if asset.name is not None:
        return _MIME_OF.get(asset.name.rpartition(".")[2].lower(), "image/jpeg")
    return CAMERAS[asset.camera].mime


def file_bytes(asset: Asset) -> int:
    """The size of the uploaded file in bytes."""
    if asset.file is not None:
        return asset.file.size
    noise = asset.number * 2_654_435_761 % (1 << 32) / (1 << 32)
    if asset.seconds:
        return int(asset.seconds * (2_600_000 + 1_400_000 * noise))
    return int(CAMERAS[asset.camera].megabytes * 1_000_000 * (0.7 + 0.7 * noise))


def is_upright(asset: Asset) -> bool:
    """Whether the device was held upright, so that the picture is taller than wide."""
    if asset.file is not None:
        return crc32(asset.file.checksum.encode()) % 100 < 28
    return asset.number * 40_503 % 100 < 28


def rendered_size(asset: Asset) -> tuple[int, int]:
    """Width and height of the picture as displayed, in pixels."""
    camera = CAMERAS[asset.camera]
    width, height = (1920, 1080) if asset.seconds else (camera.width, camera.height)
    return (height, width) if is_upright(asset) else (width, height)
