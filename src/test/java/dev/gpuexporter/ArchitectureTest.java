package dev.gpuexporter;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.DidYouMean;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who may know whom, and who may use what. */
@AnalyzeClasses(packages = "dev.gpuexporter", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String OURS = "dev.gpuexporter.";

    /** What protoc writes. */
    private static final String GENERATED = OURS + "kubernetes.podresources..";

    /** Besides themselves and what everyone may know: the records of {@code config}. */
    private static final Map<String, Set<String>> KNOWS = Map.of(
            "config", Set.of(),
            "nvml", Set.of(),
            "kubernetes", Set.of(),
            "metrics", Set.of("nvml"),
            "simulation", Set.of("nvml"),
            "collection", Set.of("metrics", "nvml"),
            "attribution", Set.of("collection", "metrics", "kubernetes"),
            "exposition", Set.of("attribution", "collection", "metrics"),
            "http", Set.of("attribution", "collection", "exposition", "metrics"),
            "doctor", Set.of("attribution", "collection", "kubernetes", "nvml"));

    private static final DescribedPredicate<JavaClass> DATA = DescribedPredicate.describe(
            "records, enums and what says that input is bad",
            type -> type.isRecord()
                    || type.isEnum()
                    || type.isEquivalentTo(BadInputException.class)
                    || type.isEquivalentTo(DidYouMean.class));

    @ArchTest
    void everyRoomIsOnThePlan(JavaClasses classes) {
        Set<String> rooms = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(OURS))
                .map(name -> name.substring(OURS.length()).split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rooms).isEqualTo(new TreeSet<>(KNOWS.keySet()));
    }

    @ArchTest
    void eachKnowsOnlyWhomItMay(JavaClasses classes) {
        KNOWS.forEach((room, known) -> {
            Set<String> allowed = new TreeSet<>(known);
            allowed.add(room);
            allowed.add("config");
            String[] packages = allowed.stream().map(name -> OURS + name + "..").toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(OURS + room + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.gpuexporter..").and(not(resideInAnyPackage(packages))))
                    .because(room + " knows " + allowed + " and no other room")
                    .check(classes);
        });
    }

    @ArchTest
    static final ArchRule ofConfigOthersKnowData = noClasses()
            .that()
            .resideOutsideOfPackages(OURS + "config..", "dev.gpuexporter")
            .should()
            .dependOnClassesThat(resideInAPackage(OURS + "config..").and(not(DATA)))
            .because("what is read from files and variables is handed out as data");

    @ArchTest
    static final ArchRule jna = onlyIn("com.sun.jna..", "nvml", "simulation");

    @ArchTest
    static final ArchRule protobuf = onlyIn("com.google.protobuf..", "kubernetes");

    @ArchTest
    static final ArchRule fabric8 = onlyIn("io.fabric8..", "kubernetes");

    @ArchTest
    static final ArchRule typesafeConfig = onlyIn("com.typesafe.config..", "config");

    @ArchTest
    static final ArchRule vertxWeb = onlyIn("io.vertx.ext.web..", "http");

    @ArchTest
    static final ArchRule onlyMainEndsTheProcess = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Main.class.getName())
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule onlyServingHaltsIt = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ServeCommand.class.getName())
            .should()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule nothingChangesStatically = noFields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage(GENERATED)
            .should()
            .notBeFinal()
            .because("what two parts share is handed to both");

    @ArchTest
    static final ArchRule namesSayWhatAClassIs =
            noClasses().should().haveNameMatching(".*[.$](Abstract\\w+|\\w*(Impl|Manager|Utils?|Helpers?))");

    @ArchTest
    static final ArchRule noRoomIsForWhateverIsLeft =
            noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..misc..");

    private static ArchRule onlyIn(String library, String... rooms) {
        String[] packages =
                Set.of(rooms).stream().map(room -> OURS + room + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
