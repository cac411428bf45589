package konsil.medasr.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import konsil.medasr.Emissions;
import konsil.medasr.lm.LmGolden;
import konsil.medasr.lm.NGramModel;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;

/** Against the plain reading of the original in golden/lm/make.py: beams, scores, frames. */
final class CompatibleSearchTest {
    private static Pieces pieces() throws IOException {
        return new Pieces(Files.readAllLines(LmGolden.path("pieces.txt")));
    }

    private static Emissions emissions(LmGolden.Case line, Pieces pieces) {
        var values = line.list("emissions");
        var p = new float[values.size()];
        for (int i = 0; i < p.length; i++) {
            p[i] = (float) LmGolden.Case.number(values.get(i));
        }
        return new Emissions((int) line.number("frames"), pieces.size(), p);
    }

    private static void check(LmGolden.Case line, Decoder decoder, Pieces pieces) {
        var found = decoder.decode(emissions(line, pieces), 5);
        var expected = line.list("beams");
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            var beam = new LmGolden.Case((Json.Obj) expected.get(i));
            assertThat(found.get(i).score()).isCloseTo(beam.number("score"), within(1e-4));
            assertThat(found.get(i).ctc()).isCloseTo(beam.number("ctc"), within(1e-4));
            assertThat(pieces.text(found.get(i).tokens().ids()).replace("\u2047", ""))
                    .isEqualTo(beam.text("text")
                            .replace("\u2047", "")
                            .replace("<s>", "")
                            .strip());
            assertThat(frames(found.get(i).tokens())).isEqualTo(frames(beam.list("frames")));
        }
    }

    /** Of the words: the tokens of one word have the same frames. */
    private static List<List<Long>> frames(TokenRun run) {
        return IntStream.range(0, run.length())
                .mapToObj(i -> List.of((long) run.from()[i], (long) run.to()[i]))
                .distinct()
                .toList();
    }

    private static List<List<Long>> frames(List<Json> words) {
        return words.stream()
                .map(word -> ((Json.Arr) word)
                        .items().stream().map(n -> ((Json.Whole) n).value()).toList())
                .toList();
    }

    @Test
    void beamsScoresAndFrames() throws IOException {
        var pieces = pieces();
        int withLm = 0;
        for (var line : LmGolden.cases("decode.jsonl")) {
            var settings = BeamSettings.DEFAULT.withWidth((int) line.number("width"));
            String name = line.text("model");
            if (name.isEmpty()) {
                check(
                        line,
                        new Decoder.Compatible(Fusion.without(pieces), settings, line.flag("prune_history")),
                        pieces);
                continue;
            }
            for (String ending : new String[] {".arpa", ".kenlm"}) {
                try (var model = NGramModel.open(LmGolden.path(name + ending))) {
                    var fusion = Fusion.of(pieces, model, LmWeights.DEFAULT);
                    check(line, new Decoder.Compatible(fusion, settings, line.flag("prune_history")), pieces);
                    withLm++;
                }
            }
        }
        assertThat(withLm).isEqualTo(36);
    }

    @Test
    void blocksChangeNothing() throws IOException {
        var pieces = pieces();
        for (var line : LmGolden.cases("decode.jsonl")) {
            var whole = emissions(line, pieces);
            var decoder = new Decoder.Compatible(Fusion.without(pieces), BeamSettings.DEFAULT, false);
            var search = decoder.start();
            for (int frame = 0; frame < whole.frames(); frame++) {
                search.push(new Emissions(
                        1,
                        pieces.size(),
                        Arrays.copyOfRange(
                                whole.logProbabilities(), frame * pieces.size(), (frame + 1) * pieces.size())));
            }
            assertThat(search.finish(5)).isEqualTo(decoder.decode(whole, 5));
        }
    }
}
