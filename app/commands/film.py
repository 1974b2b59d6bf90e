"""What a network would have read while it learnt, by the snapshots that its training has kept."""

import argparse
import json

import numpy as np
import numpy.typing as npt

from app.commands.given import Given, for_each_given
from engine import Recognizer, SavedNetwork
from engine.errors import ConfigurationError, SavedNetworkError
from engine.explaining.film import FILM_FILE, Film
from engine.ink.rasterize import Ink
from engine.quoting import shown
from engine.storage.saved_network import load_attachment

MOST_SHOWN = 8  # drawings in one moving picture


def film(options: argparse.Namespace) -> int:
    if options.save is not None and options.save.suffix.lower() != ".gif":
        raise ConfigurationError(f"--mode film saves a moving picture: {options.save} must end in .gif.")
    recognizer = Recognizer(SavedNetwork.load_one(options.path), folder=options.path)
    content = load_attachment(options.path, FILM_FILE)
    if content is None:
        raise SavedNetworkError(
            f"{options.path} keeps no film of its training. Train a network with --mode train, and name its "
            "folder with --path."
        )
    reel = Film.from_bytes(content, recognizer.network)
    filmed: list[tuple[Ink, npt.NDArray[np.float32]]] = []  # each drawing, and (S, 10) what was made of it

    def answer(given: Given) -> None:
        prediction = given.read_one(recognizer)
        if prediction is None:
            return
        found = []
        for index, logits in enumerate(reel.logits(recognizer.network, prediction.image[None])):
            (probabilities,) = recognizer.confidence.probabilities(logits)
            found.append(probabilities)
            print(_line(given, reel, index, probabilities, options.format))
        filmed.append((prediction.image, np.stack(found)))

    status = for_each_given(options.files, answer)
    if options.save is not None:
        if not 1 <= len(filmed) <= MOST_SHOWN:
            raise ConfigurationError(
                f"A moving picture shows 1 to {MOST_SHOWN} drawings, not {len(filmed):,}. Name other files."
            )
        from app.reports.inside_figures import save_film

        save_film(reel.steps, reel.epochs, filmed, options.save)
    return status


def _line(
    given: Given, reel: Film, index: int, probabilities: npt.NDArray[np.float32], form: str | None
) -> str:
    digit = int(probabilities.argmax())
    confidence = float(probabilities[digit])
    step, epoch = int(reel.steps[index]), int(reel.epochs[index])
    if form == "json":
        record = {
            "file": given.file,
            "index": given.index,
            "step": step,
            "epoch": epoch,
            "digit": digit,
            "confidence": round(confidence, 6),
        }
        return json.dumps(record)
    place = f"{shown(given.file)}:{given.index}"
    return f"{place}  step {step:,}, epoch {epoch}: {digit}  {100 * confidence:.1f} %"
