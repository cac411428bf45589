"""Writes the files of this folder: one synthetic sound in every format, by ffmpeg and libopus.

Run with ffmpeg 5.1 and flac 1.4 on the path and numpy installed; seeded, but other versions of the encoders may pack
differently. NAME.f32 is what ffmpeg decodes NAME to: float, low byte first, the mean of the channels, 48 kHz for Opus.
"""
import pathlib
import subprocess
import numpy as np

HERE = pathlib.Path(__file__).parent
RATE = 16000
rng = np.random.default_rng(16)
t = np.arange(int(0.4 * RATE)) / RATE
sweep = 0.4 * np.sin(2 * np.pi * (200 * t + 4000 * t * t)) * np.hanning(t.size)
left = sweep + 0.02 * rng.standard_normal(t.size)
right = 0.7 * sweep + 0.02 * rng.standard_normal(t.size)
stereo = np.stack([left, right], 1)


def run(*args, data=None):
    return subprocess.run([str(a) for a in args], input=data, check=True, capture_output=True).stdout


def ffmpeg(*args, data=None):
    return run("ffmpeg", "-v", "error", "-y", "-bitexact", *args, data=data)


raw = stereo.astype("<f8").tobytes()
source = ["-f", "f64le", "-ar", RATE, "-ac", 2, "-i", "-"]
mono = ["-af", "pan=mono|c0=0.5*c0+0.5*c1"]
plain = ["-map_metadata", "-1", "-fflags", "+bitexact"]
for name, options in {
    "u8.wav": ["-c:a", "pcm_u8"],
    "s16.wav": ["-c:a", "pcm_s16le"],
    "s24.wav": ["-c:a", "pcm_s24le"],
    "s32.wav": ["-c:a", "pcm_s32le"],
    "f32.wav": ["-c:a", "pcm_f32le"],
    "f64.wav": ["-c:a", "pcm_f64le"],
    "alaw.wav": ["-c:a", "pcm_alaw"],
    "mulaw.wav": ["-c:a", "pcm_mulaw"],
    "rf64.wav": ["-c:a", "pcm_s16le", "-rf64", "always"],
    "s16.aiff": ["-c:a", "pcm_s16be"],
    "s24.aiff": ["-c:a", "pcm_s24be"],
    "s16.flac": ["-c:a", "flac", "-sample_fmt", "s16", "-compression_level", "8"],
    "s24.flac": ["-c:a", "flac", "-sample_fmt", "s32", "-compression_level", "5"],
    "fixed.flac": ["-c:a", "flac", "-sample_fmt", "s16", "-compression_level", "0", "-frame_size", "192"],
    "mid-side.flac": ["-c:a", "flac", "-sample_fmt", "s16", "-ch_mode", "mid_side"],
    "left-side.flac": ["-c:a", "flac", "-sample_fmt", "s16", "-ch_mode", "left_side"],
    "right-side.flac": ["-c:a", "flac", "-sample_fmt", "s16", "-ch_mode", "right_side"],
}.items():
    ffmpeg(*source, *plain, *options, HERE / name, data=raw)
    values = np.frombuffer(ffmpeg("-i", HERE / name, "-f", "f32le", "-c:a", "pcm_f32le", "-"), "<f4")
    values.reshape(-1, 2).mean(1, dtype="f4").tofile(HERE / (name + ".f32"))

voice = ["-c:a", "libopus", "-ar", 48000]
for name, options in {
    "celt.ogg": ["-b:a", "64k", "-application", "audio"],
    "silk.ogg": ["-b:a", "12k", "-application", "voip", "-ac", 1],
    "hybrid.ogg": ["-b:a", "28k", "-application", "voip", "-ac", 1],
    "hybrid-60ms.ogg": ["-b:a", "16k", "-application", "voip", "-ac", 1, "-frame_duration", 60],
    "stereo.webm": ["-b:a", "64k"],
}.items():
    ffmpeg(*source, *plain, *voice, *options, HERE / name, data=raw)
live = ffmpeg(*source, *plain, *voice, "-b:a", "32k", "-ac", 1, "-f", "webm", "-live", 1, "-", data=raw)
(HERE / "live.webm").write_bytes(live)


def unknown_sizes(webm):
    """The same with clusters whose sizes nobody knows, as Chrome and Firefox write them."""
    parts = webm.split(bytes.fromhex("1f43b675"))
    sizes = [8 - part[0].bit_length() + 1 for part in parts[1:]]
    opened = [bytes.fromhex("1f43b67501ffffffffffffff") + part[size:] for part, size in zip(parts[1:], sizes)]
    return parts[0] + b"".join(opened)


browser = {  # as a browser records: clusters of unknown size, 60 ms frames at low rates, both channels or one
    "browser-8k.webm": ["-b:a", "8k", "-application", "voip", "-ac", 1, "-frame_duration", 60],
    "browser-24k.webm": ["-b:a", "24k", "-application", "voip", "-ac", 1],
    "browser-36k-stereo.webm": ["-b:a", "36k", "-application", "voip"],
    "browser-128k-stereo.webm": ["-b:a", "128k", "-vbr", "constrained"],
}
for name, options in browser.items():
    live = ffmpeg(*source, *plain, *voice, *options, "-f", "webm", "-live", 1, "-cluster_time_limit", 100, "-", data=raw)
    (HERE / name).write_bytes(unknown_sizes(live))
chained = (HERE / "silk.ogg").read_bytes() + (HERE / "celt.ogg").read_bytes()
(HERE / "chained.ogg").write_bytes(chained)
for name in ["celt.ogg", "silk.ogg", "hybrid.ogg", "hybrid-60ms.ogg", "stereo.webm", "live.webm", *browser]:
    channels = 2 if name == "celt.ogg" or "stereo" in name else 1
    out = ffmpeg("-c:a", "libopus", "-i", HERE / name, "-f", "f32le", "-c:a", "pcm_f32le", "-")
    values = np.frombuffer(out, "<f4").reshape(-1, channels).mean(1, dtype="f4")
    values.tofile(HERE / (name + ".f32"))
