"""What a network would have read while it learnt, by the snapshots that its training has kept."""

import argparse
import json

from app.commands.given import Given, for_each_given
from app.commands.output import read_as
from app.store.networks import SHIPPED_LENET5
from engine import Recognizer, SavedNetwork
from engine.errors import ConfigurationError, SavedNetworkError
from engine.explaining.film import FILM_FILE, Film, Filmed
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
            f"{options.path} keeps no film of its training. Name a network that does with --path: "
            f"{SHIPPED_LENET5}, or one that --mode train has made."
        )
    reel = Film.from_bytes(content, recognizer.network)
    filmed: list[Filmed] = []

    def answer(given: Given) -> None:
        prediction = given.read_one(recognizer)
        if prediction is None:
            return
        found = reel.read(recognizer.network, recognizer.confidence, prediction.image)
        for index in range(len(reel)):
            print(_line(given, reel, found, index, options.format))
        filmed.append(found)

    status = for_each_given(options.files, answer)
    if options.save is not None:
        if not 1 <= len(filmed) <= MOST_SHOWN:
            raise ConfigurationError(
                f"A moving picture shows 1 to {MOST_SHOWN} drawings, not {len(filmed):,}. Name other files."
            )
        from app.reports.inside_figures import save_film

        save_film(reel.steps, reel.epochs, filmed, options.save)
    return status


def _line(given: Given, reel: Film, found: Filmed, index: int, form: str | None) -> str:
    digit = int(found.probabilities[index].argmax())
    confidence = float(found.probabilities[index, digit])
    is_digit = bool(found.is_digit[index])
    step, epoch = int(reel.steps[index]), int(reel.epochs[index])
    if form == "json":
        record = {
            "file": given.file,
            "index": given.index,
            "step": step,
            "epoch": epoch,
            "digit": digit,
            "confidence": round(confidence, 6),
            "is_digit": is_digit,
        }
        return json.dumps(record)
    place = f"{shown(given.file)}:{given.index}"
    told = read_as(digit, confidence, is_digit=is_digit)
    return f"{place}  step {step:,}, epoch {epoch}: {told}"
