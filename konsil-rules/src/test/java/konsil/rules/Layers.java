package konsil.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules between packages, for any root package: "konsil" for the product, another one for the classes that prove
 * that a rule can fail. A layer without a class is no error.
 */
record Layers(String root) {
    private static final Set<Layer> WITH_RAW_MEMORY = EnumSet.of(Layer.KERNEL, Layer.TENSOR, Layer.MEDIA, Layer.CLI);

    /** Every rule below. */
    List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>();
        for (Layer layer : Layer.values()) rules.add(looksDownOnly(layer));
        rules.add(everyPackageHasALayer());
        rules.add(networksAreStrangers("medgemma", "medasr"));
        rules.add(networksAreStrangers("medasr", "medgemma"));
        rules.add(needsOnly(Layer.KERNEL, "java..", "jdk.incubator.vector.."));
        rules.add(needsOnly(Layer.TENSOR, "java..", "tools.jackson.core.."));
        rules.add(rawMemoryStaysLow());
        rules.add(noReflection());
        rules.add(noMutableStatics());
        return rules;
    }

    ArchRule looksDownOnly(Layer layer) {
        var unseen = EnumSet.complementOf(EnumSet.copyOf(layer.visible()));
        return noClasses()
                .that()
                .resideInAnyPackage(layer.packagesUnder(root))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(unseen))
                .as("%s sees only %s".formatted(layer, layer.visible()))
                .allowEmptyShould(true);
    }

    ArchRule everyPackageHasALayer() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(packages(EnumSet.allOf(Layer.class)))
                .because("a package outside the layers escapes every rule; add it to Layer");
    }

    ArchRule networksAreStrangers(String network, String other) {
        return noClasses()
                .that()
                .resideInAPackage(root + "." + network + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + "." + other + "..")
                .allowEmptyShould(true);
    }

    ArchRule needsOnly(Layer layer, String... libraries) {
        String[] allowed = Stream.concat(Stream.of(packages(layer.visible())), Stream.of(libraries))
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAnyPackage(layer.packagesUnder(root))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true);
    }

    ArchRule rawMemoryStaysLow() {
        return noClasses()
                .that()
                .resideInAnyPackage(packages(EnumSet.complementOf(EnumSet.copyOf(WITH_RAW_MEMORY))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .because("above tensor and media, memory is a Tensor, a Volume or a Raster; the cli measures kernels")
                .allowEmptyShould(true);
    }

    ArchRule noReflection() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .callMethod(Class.class, "forName", String.class);
    }

    ArchRule noMutableStatics() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .areStatic()
                .should()
                .beFinal()
                .allowEmptyShould(true);
    }

    private String[] packages(Set<Layer> layers) {
        return layers.stream()
                .flatMap(layer -> Stream.of(layer.packagesUnder(root)))
                .toArray(String[]::new);
    }
}
