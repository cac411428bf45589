package konsil.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import konsil.rules.fixture.kernel.LooksUp;
import konsil.rules.fixture.medasr.Recogniser;
import konsil.rules.fixture.medgemma.AsksTheOtherNetwork;
import konsil.rules.fixture.stray.Homeless;
import konsil.rules.fixture.tensor.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between modules point down, and each rule that says so is seen to fail on a class that breaks it. */
final class LayersTest {
    private static final Layers PRODUCT = new Layers("konsil");
    private static final Layers WRONG = new Layers("konsil.rules.fixture");

    @Test
    void productKeepsEveryRule() {
        JavaClasses product = new ClassFileImporter()
                .withImportOption((ImportOption) location -> !location.contains("/test-classes/"))
                .importPackages(PRODUCT.root());
        assertThat(product).isNotEmpty();
        assertThat(PRODUCT.all().stream()
                        .map(rule -> rule.evaluate(product))
                        .filter(result -> result.hasViolation())
                        .map(result -> result.getFailureReport().toString()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("brokenRules")
    void ruleCanFail(ArchRule rule, Class<?> culprit) {
        JavaClasses wrong = new ClassFileImporter().importPackages(WRONG.root());
        assertThatThrownBy(() -> rule.check(wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(culprit.getName());
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                argumentSet("arrow upward", WRONG.looksDownOnly(Layer.KERNEL), LooksUp.class),
                argumentSet("no layer", WRONG.everyPackageHasALayer(), Homeless.class),
                argumentSet("networks", WRONG.networksAreStrangers("medgemma", "medasr"), AsksTheOtherNetwork.class),
                argumentSet("library", WRONG.needsOnly(Layer.TENSOR, "java.lang.."), Sample.class),
                argumentSet("raw memory", WRONG.rawMemoryStaysLow(), Recogniser.class),
                argumentSet("reflection", WRONG.noReflection(), Homeless.class),
                argumentSet("statics", WRONG.noMutableStatics(), Homeless.class));
    }

    @Test
    void trainAndClinicAreStrangers() {
        assertThat(Layer.TRAIN.visible()).doesNotContain(Layer.CLINIC);
        assertThat(Layer.CLINIC.visible()).doesNotContain(Layer.TRAIN);
        assertThat(Layer.MEDIA.visible()).containsExactly(Layer.MEDIA);
    }

    /** A module that this one cannot see would escape all rules. */
    @Test
    void everyModuleIsOnTheClassPath() throws IOException {
        String path = System.getProperty("java.class.path");
        for (String module : modules()) {
            if (Files.isDirectory(Sources.ROOT.resolve(module, "src/main/java"))) {
                assertThat(path)
                        .as("konsil-rules/pom.xml must depend on " + module)
                        .contains(module);
            }
        }
    }

    private static List<String> modules() throws IOException {
        String pom = Files.readString(Sources.ROOT.resolve("pom.xml"));
        List<String> names = Pattern.compile("<module>(.+?)</module>")
                .matcher(pom)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(names).contains("konsil-kernel", "konsil-rules");
        return names;
    }

    @Test
    void rootIsTheCheckout() {
        assertThat(Sources.ROOT.resolve(Path.of("konsil-kernel", "pom.xml"))).exists();
    }
}
