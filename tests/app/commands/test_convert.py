"""--mode convert."""

import numpy as np

from engine import load_network, save_network
from engine.nn.scaling import InputScaling
from engine.storage.export import export_network
from tests.app.command_line import one_line
from tests.engine.reading.test_scaling_fit import shown_as
from tests.engine.storage.onnx_models import as_of_another


def test_a_converted_network_is_the_same_in_a_new_folder(run, trained, tmp_path):
    status, out, err = run("--mode", "convert", "--path", trained, "--to", tmp_path / "new")
    assert (status, err) == (0, "")
    assert out == f"saved the lenet5 of {trained} in {tmp_path / 'new'}\n"
    before, after = load_network(trained).state(), load_network(tmp_path / "new").state()
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_a_model_of_another_program_is_kept_with_what_was_found_of_it(run, tmp_path):
    save_network(shown_as(InputScaling(mean=0.1307, deviation=0.3081)), tmp_path / "theirs")
    export_network([tmp_path / "theirs"], tmp_path / "my.onnx")
    (tmp_path / "my.onnx").write_bytes(as_of_another((tmp_path / "my.onnx").read_bytes()))
    status, out, err = run("--mode", "convert", "--path", tmp_path / "my.onnx", "--to", tmp_path / "new")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "layers: conv1, pool1, relu1, conv2, pool2, relu2, flatten1, dense1, relu3, dense2, relu4, dense3",
        "it is shown (ink - 0.1307) / 0.3081",
        f"saved the network of {tmp_path / 'my.onnx'} in {tmp_path / 'new'}",
    ]
    answers = run("--mode", "predict", "--path", tmp_path / "new", "assets/examples/seven.jsonl")
    assert answers[1].startswith("assets/examples/seven.jsonl:0  7")


def test_a_folder_that_is_there_is_converted_into_only_when_asked(run, trained, tmp_path):
    arguments = ["--mode", "convert", "--path", trained, "--to", tmp_path / "new"]
    assert run(*arguments)[0] == 0
    (tmp_path / "new" / "network.json").write_text("older")
    status, out, err = run(*arguments)
    assert (status, out) == (1, "")
    assert one_line(err)
    assert "--overwrite" in err
    assert (tmp_path / "new" / "network.json").read_text() == "older"
    assert run(*arguments, "--overwrite")[0] == 0
    assert load_network(tmp_path / "new").architecture == "lenet5"
