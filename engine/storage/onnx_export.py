"""What reads digits as an ONNX model, which other programs run: a drawing in, probabilities and evidence out.

    ink            (N, C, H, W) float32, ink 1.0 on paper 0.0, framed as MNIST is
    probabilities  (N, classes), of sum 1: input scaling and temperature are inside
    evidence       (N,), of any digit at all: below `least_evidence` of the model's metadata it is none

A network's layers become an operator or a few each; what it was taught answers before it inside the model, as
`engine.reading.memory` does it; of a committee all members are inside.

Operators of opset 13 in IR version 8, which every runtime of these years reads. The engine's home of onnx,
beside `onnx_import`; onnx is loaded only when a model is written or read.
"""

import json
from functools import singledispatch
from typing import Any

from onnx import ModelProto, TensorProto, checker, helper

from engine.nn.network import Network
from engine.plain_values import from_plain, to_plain
from engine.reading.committee import Committee
from engine.reading.evaluation import Classifier
from engine.reading.memory import TaughtNetwork, feature_layer
from engine.reading.rejection import Rejection
from engine.storage.network_facts import NetworkFacts
from engine.storage.onnx_graph import Graph
from engine.storage.onnx_memory import remembered

OPSET, IR_VERSION = 13, 8
PRODUCER = "LeNet Canvas"
INPUT, PROBABILITIES, EVIDENCE = "ink", "probabilities", "evidence"
# Of the metadata: what the network is, and what it expects to be shown; where it tells a non-digit; how many
# there are of a committee, and of a taught network.
ARCHITECTURE, TOLD_INPUT = "architecture", "input"
LEAST_EVIDENCE, REJECTION = "least_evidence", "rejection"
MEMBERS, LESSONS = "members", "lessons"


def to_onnx(classifier: Classifier, facts: NetworkFacts) -> bytes:
    """The contents of an .onnx file.

    Parameters
    ----------
    classifier : Network, TaughtNetwork or Committee
    facts : NetworkFacts
        What the model tells of it, and by which confidence its logits are read.
    """
    graph = Graph()
    logits = _logits(classifier, graph)
    graph.node("Softmax", [graph.tempered(logits, facts.confidence)], PROBABILITIES, axis=1)
    graph.node("Identity", [graph.evidence(logits)], EVIDENCE)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            facts.architecture,
            [_value(INPUT, "N", *classifier.input_shape)],
            [_value(PROBABILITIES, "N", classifier.classes), _value(EVIDENCE, "N")],
            graph.arrays,
        ),
        producer_name=PRODUCER,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, _metadata(classifier, facts))
    checker.check_model(model, full_check=True)
    return _bytes(model)


def _bytes(model: ModelProto) -> bytes:
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def _value(name: str, *shape: int | str) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _metadata(classifier: Classifier, facts: NetworkFacts) -> dict[str, str]:
    """What a program needs beside the graph, or a person likes to know; all of it texts, as ONNX asks."""
    told = {ARCHITECTURE: facts.architecture, TOLD_INPUT: json.dumps(to_plain(facts.input))}
    if isinstance(classifier, Committee):
        told[MEMBERS] = str(len(classifier.members))
    if isinstance(classifier, TaughtNetwork) and len(classifier.memory):
        told[LESSONS] = str(len(classifier.memory))
    if facts.test is not None:
        told["test"] = json.dumps(to_plain(facts.test))
    if (rejection := facts.confidence.rejection) is not None:
        told[LEAST_EVIDENCE] = repr(rejection.least_evidence)
        told[REJECTION] = json.dumps(to_plain(rejection))
    return told


def metadata_of(model: ModelProto) -> dict[str, str]:
    """What is told beside the graph of a model."""
    return {each.key: each.value for each in model.metadata_props}


def rejection_of(model: ModelProto) -> Rejection | None:
    """How a model of this program's own tells a non-digit; an error if that is not what was written."""
    told = metadata_of(model)
    return from_plain(Rejection, json.loads(told[REJECTION])) if REJECTION in told else None


@singledispatch
def _logits(classifier: Classifier, graph: Graph) -> str:
    """The name of the logits, and in the graph all that leads from the input to them."""
    raise NotImplementedError(f"no graph for a {type(classifier).__name__}")


@_logits.register
def _(network: Network, graph: Graph) -> str:
    return list(_outputs(network, graph).values())[-1]


@_logits.register
def _(taught: TaughtNetwork, graph: Graph) -> str:
    outputs = _outputs(taught.network, graph)
    own = list(outputs.values())[-1]
    if not len(taught.memory):
        return own
    return remembered(graph, own, outputs[feature_layer(taught.network)], taught)


@_logits.register
def _(committee: Committee, graph: Graph) -> str:
    scaled = []
    for number, (classifier, confidence) in enumerate(committee.members, start=1):
        with graph.named(f"member{number}."):
            scaled.append(graph.tempered(_logits(classifier, graph), confidence))
    return graph.step("Mean", *scaled)


def _outputs(network: Network, graph: Graph) -> dict[str, str]:
    """What each layer gives, by its name."""
    x = graph.scaled(INPUT, network.scaling)
    outputs = {}
    for name, layer in network.layers.items():
        outputs[name] = x = graph.layer(layer, x, name)
    return outputs
